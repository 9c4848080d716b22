import { render } from 'solid-js/web'
import { App } from './app'
import { whenErased } from './storage/erase'
import { Erasing } from './storage/erasing'

const root = document.getElementById('app')
if (root) void show(root)

async function show(root: HTMLElement): Promise<void> {
  if (location.pathname === '/output') {
    const { showOutput } = await import('./output/output-page')
    return showOutput(root)
  }
  const end = render(() => <App />, root)
  whenErased(() => {
    end()
    render(() => <Erasing />, root)
  })
}

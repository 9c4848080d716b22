import FolderOpen from 'lucide-solid/icons/folder-open'
import Info from 'lucide-solid/icons/info'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For, Show } from 'solid-js'
import { Button } from '../ui/button'
import { Popover } from '../ui/popover'
import { wordsFor } from '../words/errors'
import { useClips } from './clips-context'
import { factsOf, remarksOn } from './in-words'

/** What is on the stage: its name, its facts, and what a person should know about it. */
export function ClipHeader(props: { readonly isCompact: boolean }) {
  const { current, viewer, pick } = useClips()
  const opened = () => (viewer.state.phase.name === 'open' ? viewer.state.phase.opened : undefined)
  const facts = () => {
    const now = opened()
    return now ? factsOf(now, current()?.file.size ?? 0) : []
  }
  const info = () => {
    const now = opened()
    return now?.kind === 'clip' ? now.info : undefined
  }
  return (
    <header class="clip-header">
      <Show when={current()} fallback={<span class="clip-name is-none">No clip open</span>}>
        {(draft) => (
          <span class="clip-name" title={draft().file.name}>
            {draft().file.name}
          </span>
        )}
      </Show>
      <Show when={info()}>
        {(known) => (
          <>
            <For each={remarksOn(known())}>{(remark) => <Remark icon={Info} {...remark} />}</For>
            <For each={known().warnings}>{(name) => <Remark icon={TriangleAlert} {...wordsFor(name)} />}</For>
          </>
        )}
      </Show>
      <span class="clip-facts" title={facts().join(' · ')}>
        {facts().join(' · ')}
      </span>
      <Show when={!props.isCompact}>
        <Button icon={FolderOpen} onClick={() => void pick()}>
          Open
        </Button>
      </Show>
    </header>
  )
}

function Remark(props: { readonly icon: typeof Info; readonly title: string; readonly text: string }) {
  return (
    <Popover icon={props.icon} label={props.title} class="remark" isWide>
      <p class="mode-reason">
        <strong>{props.title}</strong>
        <span>{props.text}</span>
      </p>
    </Popover>
  )
}

import { For } from 'solid-js'
import { CLIP_KEYS } from '../clips/clip-keys'
import type { PageName } from '../navigation/navigation'
import { SHORTCUTS } from '../studio/shortcuts'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'

const GENERATE_KEYS = [
  { shown: 'Ctrl Enter', does: 'Generate, while you write the sentence' },
  { shown: '← →', does: 'Move the line between before and after' },
] as const

/** Keys of the page that is shown. */
const keysOf = (page: PageName) => {
  if (page === 'clip') return CLIP_KEYS
  return page === 'generate' || page === 'jobs' ? GENERATE_KEYS : SHORTCUTS
}

export function HelpSheet() {
  const { panel, showPanel, navigation } = useUnderstudy()
  const keys = () => keysOf(navigation.page())
  return (
    <Dialog open={panel() === 'help'} title="Keyboard shortcuts" onClose={() => showPanel(undefined)}>
      <dl class="shortcuts">
        <For each={keys()}>
          {({ shown, does }) => (
            <div>
              <dt>
                <kbd>{shown}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          )}
        </For>
        <div>
          <dt>
            <kbd>Double click</kbd>
          </dt>
          <dd>Bring a slider’s default back</dd>
        </div>
      </dl>
    </Dialog>
  )
}

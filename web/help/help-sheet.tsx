import { For } from 'solid-js'
import { CLIP_KEYS } from '../clips/clip-keys'
import { SHORTCUTS } from '../studio/shortcuts'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'

export function HelpSheet() {
  const { panel, showPanel, navigation } = useUnderstudy()
  const keys = () => (navigation.page() === 'clip' ? CLIP_KEYS : SHORTCUTS)
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

import Copy from 'lucide-solid/icons/copy'
import ExternalLink from 'lucide-solid/icons/external-link'
import Cast from 'lucide-solid/icons/screen-share'
import { createSignal, Show } from 'solid-js'
import { Button } from '../ui/button'
import { Switch } from '../ui/choice'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'
import { openOutputWindow } from './windows'

/** The clean picture for other screens and programs. */
export function OutputMenu() {
  return (
    <Popover icon={Cast} label="Output window and OBS">
      {(close) => <OutputChoices close={close} />}
    </Popover>
  )
}

function OutputChoices(props: { readonly close: () => void }) {
  const { outputLink } = useUnderstudy()
  const [copied, setCopied] = createSignal(false)
  const copy = () =>
    navigator.clipboard.writeText(outputLink.address()).then(
      () => setCopied(true),
      () => undefined, // not allowed: the address can be selected by hand
    )
  const open = () => {
    openOutputWindow()
    props.close()
  }
  return (
    <div class="output-menu">
      <h3>Clean output</h3>
      <p class="hint">Only the picture on black: for a second screen, or to capture as a window.</p>
      <Button icon={ExternalLink} onClick={open}>
        Open output window
      </Button>
      <hr />
      <Switch
        label="Browser source for OBS"
        hint="Another program on this machine shows the picture at this address. It travels directly, not over the internet."
        checked={outputLink.isOn()}
        onChange={outputLink.turn}
      />
      <Show when={outputLink.isOn()}>
        <input class="address" readonly aria-label="Address" value={outputLink.address()} />
        <div class="row">
          <span class="hint">
            {outputLink.viewerCount() === 1 ? '1 page shows it' : `${outputLink.viewerCount()} pages show it`}
          </span>
          <Button icon={Copy} onClick={() => void copy()}>
            {copied() ? 'Copied' : 'Copy'}
          </Button>
        </div>
      </Show>
    </div>
  )
}

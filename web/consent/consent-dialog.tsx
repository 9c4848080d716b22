import ShieldCheck from 'lucide-solid/icons/shield-check'
import { createSignal } from 'solid-js'
import { Button, Glyph } from '../ui/button'
import { Dialog } from '../ui/dialog'
import type { Consent } from './consent'

export function ConsentDialog(props: { readonly consent: Consent }) {
  const [agreed, setAgreed] = createSignal(false)
  return (
    <Dialog
      open={props.consent.isAsking()}
      title="Before you start"
      isQuestion
      onClose={() => props.consent.answer(false)}
    >
      <p>
        Understudy puts a face on another person’s. Only do this with faces you have a right to, and never to
        deceive or to harm anyone.
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={agreed()}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
          autofocus
        />
        <span>I use my own face and characters, or I have the permission of everyone shown.</span>
      </label>
      <p class="note">
        <Glyph icon={ShieldCheck} />
        <span>
          Pictures and video stay on this device: nothing is uploaded, there is no account. Your answer is
          kept here too, and can be withdrawn in the settings.
        </span>
      </p>
      <footer>
        <Button look="ghost" onClick={() => props.consent.answer(false)}>
          Not now
        </Button>
        <Button look="primary" disabled={!agreed()} onClick={() => props.consent.answer(true)}>
          Continue
        </Button>
      </footer>
    </Dialog>
  )
}

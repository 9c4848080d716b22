import { createSignal } from 'solid-js'
import type { Look } from '../../workers/studio/look'
import { Button } from '../ui/button'
import { type Option, Select } from '../ui/choice'
import { Dialog } from '../ui/dialog'

const OPTIONS: readonly Option<Look['badge']>[] = [
  { value: 'top-left', label: 'Top left' },
  { value: 'top-right', label: 'Top right' },
  { value: 'bottom-left', label: 'Bottom left' },
  { value: 'bottom-right', label: 'Bottom right' },
  { value: 'off', label: 'Off' },
]

interface BadgeChoiceProps {
  readonly badge: Look['badge']
  readonly hint: string
  readonly onChange: (badge: Look['badge']) => void
}

/** Where the “AI-modified” badge stands. Turning it off first says what that means. */
export function BadgeChoice(props: BadgeChoiceProps) {
  const [isAsking, setAsking] = createSignal(false)
  const choose = (wanted: Look['badge']) =>
    wanted === 'off' && props.badge !== 'off' ? setAsking(true) : props.onChange(wanted)
  const turnOff = () => {
    props.onChange('off')
    setAsking(false)
  }
  return (
    <>
      <Select
        label="“AI-modified” in the picture"
        value={props.badge}
        options={OPTIONS}
        hint={props.hint}
        onChange={choose}
      />
      <Dialog open={isAsking()} title="Turn the badge off?" onClose={() => setAsking(false)}>
        <p>
          The badge tells people that what they see was made with AI. In many places, among them the European
          Union, the law asks you to say so when a picture of a person was changed this way and could be taken
          for real.
        </p>
        <p>Without the badge that is up to you: say it in the title, the caption or the conversation.</p>
        <footer>
          <Button look="ghost" onClick={turnOff}>
            Turn it off, I will disclose it
          </Button>
          <Button look="primary" onClick={() => setAsking(false)}>
            Keep the badge
          </Button>
        </footer>
      </Dialog>
    </>
  )
}

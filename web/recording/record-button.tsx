import ChevronUp from 'lucide-solid/icons/chevron-up'
import Circle from 'lucide-solid/icons/circle'
import Square from 'lucide-solid/icons/square'
import { Show } from 'solid-js'
import { clock } from '../clips/times'
import { Button } from '../ui/button'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'
import { RecordingChoices } from './recording-choices'
import './recording.css'

/** Begins and ends a recording; beside it, where there is room, what will be recorded. */
export function RecordButton(props: { readonly isRound?: boolean }) {
  const { recorder } = useUnderstudy()
  const phase = () => recorder.state.phase
  const isOn = () => phase().name === 'recording' || phase().name === 'starting'
  const words = () => {
    const now = phase()
    if (now.name === 'recording') return clock(Math.floor(now.elapsedS))
    return now.name === 'saving' ? `Saving ${Math.round(now.done * 100)} %` : 'Record'
  }
  const label = () => (phase().name === 'saving' ? 'Saving' : isOn() ? 'Stop recording' : 'Record')
  const reason = () => (recorder.isRunning() ? undefined : recorder.unavailable())
  return (
    <span class="record" classList={{ 'is-on': isOn(), 'is-round': props.isRound ?? false }}>
      <Button
        class={props.isRound ? 'icon-button record-button' : 'record-button'}
        look={props.isRound ? 'ghost' : 'plain'}
        icon={isOn() ? Square : Circle}
        aria-label={label()}
        aria-keyshortcuts="R"
        aria-pressed={isOn()}
        aria-busy={phase().name === 'starting' || phase().name === 'saving'}
        title={reason() ?? `${label()} (R)`}
        disabled={phase().name === 'saving' || reason() !== undefined}
        onClick={() => void recorder.toggle()}
      >
        <Show when={!props.isRound}>
          <span class="record-words">{words()}</span>
        </Show>
      </Button>
      <Show when={!props.isRound}>
        <Popover icon={ChevronUp} label="What to record" class="record-menu-button">
          <RecordingChoices />
        </Popover>
      </Show>
    </span>
  )
}

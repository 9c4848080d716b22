import { Show } from 'solid-js'
import { clock } from '../clips/times'
import { bytesInWords } from '../machine/in-words'
import { useUnderstudy } from '../understudy'

/** Over the picture while it is recorded: how long, how large, with sound or without. Also in full screen. */
export function RecordingChip() {
  const { recorder } = useUnderstudy()
  const running = () => {
    const { phase } = recorder.state
    return phase.name === 'recording' ? phase : undefined
  }
  return (
    <Show when={running()}>
      {(recording) => (
        <span class="chip recording-chip" role="img" aria-label="Recording">
          <span class="recording-dot" />
          <b>{clock(Math.floor(recording().elapsedS))}</b>
          <span class="recording-size">{bytesInWords(recording().bytes)}</span>
          <Show when={!recording().hasSound}>
            <span>no sound</span>
          </Show>
          <Show when={recording().dropped > 0}>
            <span class="recording-dropped">{recording().dropped} missed</span>
          </Show>
        </span>
      )}
    </Show>
  )
}

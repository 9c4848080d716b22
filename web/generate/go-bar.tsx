import Send from 'lucide-solid/icons/send'
import X from 'lucide-solid/icons/x'
import { Match, Show, Switch } from 'solid-js'
import { Meter } from '../clips/meter'
import { Button } from '../ui/button'
import { explain } from '../words/errors'
import { useGeneration } from './generation-context'

/** The button, and what is worth knowing before it is pressed. */
export function GoBar() {
  const { generate, boxes } = useGeneration()
  const sending = () => {
    const phase = generate.phase()
    return phase.name === 'sending' ? phase : undefined
  }
  const failure = () => {
    const phase = generate.phase()
    return phase.name === 'failed' ? explain(phase.error) : undefined
  }
  const obstacle = () => generate.obstacles()[0]
  const box = () => {
    const ready = generate.readiness()
    return ready?.name === 'ready' && ready.boxes.length === 1 ? `“${ready.boxes[0]}”` : 'your box'
  }
  return (
    <div class="go">
      <Show
        when={sending()}
        fallback={
          <Button
            look="primary"
            icon={Send}
            class="go-button"
            disabled={obstacle() !== undefined}
            aria-describedby="go-note"
            onClick={() => void generate.send()}
          >
            Generate
          </Button>
        }
      >
        <Button icon={X} class="go-button" onClick={generate.stopSending}>
          Stop sending
        </Button>
      </Show>
      <div id="go-note" class="go-note" aria-live="polite">
        <Switch
          fallback={
            <p>
              Your files leave this device: they go to this server and to {box()}.
              <Show when={boxes.state.server === 'there' && !boxes.isAnyUp()}>
                {' '}
                None answers now: the job waits for one.
              </Show>
            </p>
          }
        >
          <Match when={sending()}>
            {(phase) => (
              <>
                <p>Sending your files, {Math.floor(100 * phase().done)} %</p>
                <Meter label="Files sent" done={phase().done} />
              </>
            )}
          </Match>
          <Match when={failure()}>
            {(words) => (
              <p class="go-failure" role="alert">
                <b>{words().title}.</b> {words().text}
              </p>
            )}
          </Match>
          <Match when={obstacle()}>{(sentence) => <p>{sentence()}</p>}</Match>
        </Switch>
      </div>
    </div>
  )
}

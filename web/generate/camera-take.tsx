import Check from 'lucide-solid/icons/check'
import Circle from 'lucide-solid/icons/circle'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Square from 'lucide-solid/icons/square'
import { createEffect, createSignal, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { createCamera } from '../camera/camera'
import { clock } from '../clips/times'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'
import { explain } from '../words/errors'
import type { Brought } from './draft'
import { recordTrack, type Take } from './take'
import './take.css'

type Phase =
  | { readonly name: 'opening' | 'ready' }
  | { readonly name: 'counting'; readonly left: number }
  | { readonly name: 'recording'; readonly elapsedS: number }
  | { readonly name: 'done'; readonly take: Take }
  | { readonly name: 'failed'; readonly error: unknown }

const COUNTDOWN_S = 3
const LONGEST_S = 30

/** Records a take with the camera: three, two, one, then up to half a minute; again if it was nothing. */
export function CameraTake(props: {
  readonly onClose: () => void
  readonly onTake: (take: Brought) => void
}) {
  const { settings } = useUnderstudy()
  const [phase, enter] = createSignal<Phase>({ name: 'opening' })
  const camera = createCamera({
    returned: () => enter({ name: 'ready' }),
    lost: () => enter({ name: 'opening' }),
  })
  let screen: HTMLVideoElement | undefined
  let timer = 0
  let recording: ReturnType<typeof recordTrack> | undefined
  const track = () => {
    const state = camera.state()
    return state.name === 'open' ? state.camera.track : undefined
  }
  createEffect(() => {
    const shown = track()
    if (!screen) return
    screen.srcObject = shown ? new MediaStream([shown]) : null
    if (shown) void screen.play().catch(() => undefined) // closed meanwhile
  })

  const open = async () => {
    const { cameraId, facing } = settings.settings
    enter({ name: 'opening' })
    try {
      await camera.open({ deviceId: cameraId, facing, width: 1280, height: 720, fps: 30 })
      enter({ name: 'ready' })
    } catch (error) {
      enter({ name: 'failed', error })
    }
  }
  onMount(() => void open())
  onCleanup(() => {
    clearInterval(timer)
    recording?.abandon()
    forget()
  })
  const forget = () => {
    const at = phase()
    if (at.name === 'done') URL.revokeObjectURL(at.take.url)
  }

  const count = () => {
    let left = COUNTDOWN_S
    enter({ name: 'counting', left })
    timer = window.setInterval(() => {
      left--
      if (left > 0) return void enter({ name: 'counting', left })
      clearInterval(timer)
      begin()
    }, 1000)
  }
  const begin = () => {
    const source = track()
    if (!source) return void open()
    const beganMs = performance.now()
    try {
      recording = recordTrack(source)
    } catch (error) {
      return void enter({ name: 'failed', error })
    }
    enter({ name: 'recording', elapsedS: 0 })
    timer = window.setInterval(() => {
      const elapsedS = (performance.now() - beganMs) / 1000
      if (elapsedS >= LONGEST_S) stop()
      else enter({ name: 'recording', elapsedS })
    }, 200)
    recording.finished.then(
      (take) => {
        recording = undefined
        camera.close()
        enter({ name: 'done', take })
      },
      (error) => {
        clearInterval(timer)
        enter({ name: 'failed', error })
      },
    )
  }
  const stop = () => {
    clearInterval(timer)
    recording?.stop()
  }
  const again = () => {
    forget()
    void open()
  }
  const at = <N extends Phase['name']>(name: N) => {
    const now = phase()
    return now.name === name ? (now as Extract<Phase, { name: N }>) : undefined // just looked
  }
  const use = ({ file, durationS }: Take) =>
    props.onTake({ kind: 'video', name: file.name, bytes: file.size, file, durationS })

  return (
    <Dialog open title="Record a take" onClose={props.onClose}>
      <div class="take">
        <div class="take-screen">
          <video ref={screen} class="take-live" muted playsinline hidden={at('done') !== undefined} />
          <Show when={at('done')}>
            {(done) => (
              <video class="take-played" src={done().take.url} controls autoplay muted loop playsinline />
            )}
          </Show>
          <Switch>
            <Match when={at('counting')}>{(counting) => <b class="take-count">{counting().left}</b>}</Match>
            <Match when={at('recording')}>
              {(recording) => (
                <span class="chip take-clock">
                  <span class="dot" /> {clock(recording().elapsedS)} / {clock(LONGEST_S)}
                </span>
              )}
            </Match>
            <Match when={at('opening')}>
              <span class="spinner" />
            </Match>
            <Match when={at('failed')}>
              {(failed) => (
                <div class="take-failed" role="alert">
                  <strong>{explain(failed().error).title}</strong>
                  <p>{explain(failed().error).text}</p>
                </div>
              )}
            </Match>
          </Switch>
        </div>
        <p class="hint" role="status">
          {HINTS[phase().name]}
        </p>
      </div>
      <footer>
        <Switch>
          <Match when={at('done')}>
            {(done) => (
              <>
                <Button icon={RotateCcw} onClick={again}>
                  Record again
                </Button>
                <Button look="primary" icon={Check} onClick={() => use(done().take)}>
                  Use this take
                </Button>
              </>
            )}
          </Match>
          <Match when={at('recording')}>
            <Button look="danger" icon={Square} onClick={stop}>
              Stop
            </Button>
          </Match>
          <Match when={at('failed')}>
            <Button icon={RotateCcw} onClick={() => void open()}>
              Try again
            </Button>
          </Match>
          <Match when={at('opening') || at('ready') || at('counting')}>
            <Button look="primary" icon={Circle} disabled={phase().name !== 'ready'} onClick={count}>
              Record
            </Button>
          </Match>
        </Switch>
      </footer>
    </Dialog>
  )
}

const HINTS: Readonly<Record<Phase['name'], string>> = {
  opening: 'The camera is being opened.',
  ready: 'Step back until all that should move is in the picture. There is a countdown.',
  counting: 'Get ready.',
  recording: 'Recording, without sound. It ends by itself after half a minute.',
  done: 'Kept on this device until you press Generate.',
  failed: 'Nothing was recorded.',
}

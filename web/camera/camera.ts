import { createSignal, onCleanup } from 'solid-js'
import { problem } from '../words/errors'

export interface CameraChoice {
  /** Empty: whichever the browser prefers for `facing`. */
  readonly deviceId: string
  readonly facing: 'user' | 'environment'
  readonly width: number // px, wished for
  readonly height: number
  readonly fps: number | undefined
}

export interface OpenCamera {
  readonly track: MediaStreamTrack
  readonly deviceId: string
  readonly label: string
  /** Empty where the device does not tell, as desktop cameras do not. */
  readonly facing: string
  readonly width: number
  readonly height: number
  readonly fps: number
}

export type CameraState =
  | { readonly name: 'off' }
  | { readonly name: 'opening' }
  | { readonly name: 'open'; readonly camera: OpenCamera }
  /** It was unplugged or taken away; it is opened again as soon as it returns. */
  | { readonly name: 'lost' }
  | { readonly name: 'failed'; readonly error: Error }

export interface CameraDevice {
  readonly id: string
  readonly label: string
}

interface Listeners {
  /** A camera opened by itself after it was lost. */
  returned(camera: OpenCamera): void
  lost(): void
}

/** The one camera: its devices, its permission, the open stream. Stops with its owner. */
export function createCamera(listeners: Listeners) {
  const [state, setState] = createSignal<CameraState>({ name: 'off' })
  const [devices, setDevices] = createSignal<readonly CameraDevice[]>([])
  let wanted: CameraChoice | undefined
  let turn = 0 // a later open or close overtakes an earlier one that still waits

  const stopTrack = () => {
    const current = state()
    if (current.name !== 'open') return
    current.camera.track.onended = null
    current.camera.track.stop()
  }

  const open = async (choice: CameraChoice): Promise<OpenCamera> => {
    const mine = ++turn
    wanted = choice
    stopTrack()
    setState({ name: 'opening' })
    try {
      const camera = await openCamera(choice)
      if (mine !== turn) {
        camera.track.stop()
        throw new DOMException('Another camera was asked for meanwhile.', 'AbortError')
      }
      camera.track.onended = lose
      setState({ name: 'open', camera })
      await listDevices() // labels are known only now
      return camera
    } catch (error) {
      const known = error instanceof Error ? error : problem('NotReadableError', String(error))
      if (mine === turn) setState({ name: 'failed', error: known })
      throw known
    }
  }

  const lose = () => {
    setState({ name: 'lost' })
    listeners.lost()
  }

  const close = () => {
    turn++
    wanted = undefined
    stopTrack()
    setState({ name: 'off' })
  }

  const listDevices = async () => {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    const cameras = all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId)
    setDevices(cameras.map(({ deviceId, label }, i) => ({ id: deviceId, label: label || `Camera ${i + 1}` })))
  }

  const devicesChanged = async () => {
    await listDevices()
    if (state().name !== 'lost' || !wanted || devices().length === 0) return
    await open(wanted).then(listeners.returned, () => undefined) // still away or still failing: the state says so
  }

  // A phone takes the camera away from a hidden page and tells nobody.
  const shown = () => {
    const current = state()
    if (!document.hidden && current.name === 'open' && current.camera.track.readyState === 'ended') {
      lose()
      void devicesChanged()
    }
  }

  void listDevices()
  navigator.mediaDevices?.addEventListener('devicechange', devicesChanged)
  document.addEventListener('visibilitychange', shown)
  onCleanup(() => {
    close()
    navigator.mediaDevices?.removeEventListener('devicechange', devicesChanged)
    document.removeEventListener('visibilitychange', shown)
  })

  return { state, devices, open, close }
}

async function openCamera(choice: CameraChoice): Promise<OpenCamera> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw problem('InsecureOriginError')
  const stream = await navigator.mediaDevices.getUserMedia({ video: constraints(choice) }).catch((error) => {
    // The remembered device is another machine's, or was unplugged: any camera is better than none.
    if (choice.deviceId && ['OverconstrainedError', 'NotFoundError'].includes(error?.name)) {
      return navigator.mediaDevices.getUserMedia({ video: constraints({ ...choice, deviceId: '' }) })
    }
    throw error
  })
  const track = stream.getVideoTracks()[0]
  if (!track) throw problem('NotFoundError')
  track.contentHint = 'motion'
  const { deviceId = '', facingMode = '', width = 0, height = 0, frameRate = 0 } = track.getSettings()
  return { track, deviceId, label: track.label, facing: facingMode, width, height, fps: frameRate }
}

/** Wishes, but for the device: no camera is refused for what it cannot do. */
function constraints({ deviceId, facing, width, height, fps }: CameraChoice): MediaTrackConstraints {
  return {
    width: { ideal: width },
    height: { ideal: height },
    ...(fps ? { frameRate: { ideal: fps } } : {}),
    ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: facing } }),
  }
}

import { transfer } from 'comlink'
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup, untrack } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { Look } from '../../workers/studio/look'
import type { Capabilities, Stats, StudioEvent } from '../../workers/studio/studio-api'
import { createCamera, type OpenCamera } from '../camera/camera'
import { openDemoHead } from '../camera/demo-head'
import { type FrameFeed, framesOfTrack, framesOfVideo } from '../camera/frames'
import { openVideoFile, type VideoFile } from '../camera/video-file'
import { createOutputStream } from '../output/output-stream'
import { rememberCapabilities, rememberedCapabilities } from '../platform/capabilities'
import { createWakeLock } from '../platform/wake-lock'
import type { SettingsStore } from '../settings/settings'
import { problem } from '../words/errors'
import { cameraChoice } from './camera-choice'
import { createThreads } from './threads'

export type InputKind = 'camera' | 'file' | 'demo'

export type Phase =
  /** The thread loads its models and measures the machine. */
  | { readonly name: 'opening' }
  | { readonly name: 'idle' }
  | { readonly name: 'starting' }
  | { readonly name: 'live' }
  /** Nobody sees the page and nobody watches its output. */
  | { readonly name: 'resting' }
  /** The camera went away; live again as soon as it is back. */
  | { readonly name: 'waiting' }
  | { readonly name: 'failed'; readonly error: Error }

export interface StudioState {
  phase: Phase
  capabilities: Capabilities | undefined
  stats: Stats | undefined
  /** The last minute, four numbers a second, oldest first. */
  history: readonly { readonly fps: number; readonly latencyMs: number }[]
  fileName: string
  chosenFace: number | undefined
  split: number | undefined
  showMesh: boolean
  /** While held, the plate is shown as it is. */
  comparing: boolean
  firstSwapMs: number | undefined
}

const HISTORY = 240

export interface StudioParts {
  readonly settings: SettingsStore
  /** The live page is the one shown. */
  readonly isShown: Accessor<boolean>
  /** Something the studio thread wants said. */
  readonly onNotice: (name: string, detail: string) => void
}

/** What the live view shows and can be asked of it. Nothing else writes this state. */
export function createStudio({ settings: store, isShown, onNotice }: StudioParts) {
  const { settings } = store
  const [state, setState] = createStore<StudioState>({
    phase: { name: 'opening' },
    capabilities: undefined,
    stats: undefined,
    history: [],
    fileName: '',
    chosenFace: undefined,
    split: undefined,
    showMesh: false,
    comparing: false,
    firstSwapMs: undefined,
  })
  const enter = (phase: Phase) => setState('phase', reconcile(phase))
  const isRunning = () => ['live', 'starting', 'waiting', 'resting'].includes(state.phase.name)
  const threads = createThreads(heard)
  const { api, canvas } = threads
  const output = createOutputStream(canvas)
  const camera = createCamera({ returned: (opened) => void feedCamera(opened, ++turn), lost })
  createWakeLock(() => state.phase.name === 'live')

  let feed: FrameFeed | undefined
  let file: VideoFile | undefined
  let turn = 0 // a later start or stop overtakes one that still waits

  // The look goes over whenever it changes; while one is on its way, only the newest of the later ones follows.
  const look = createMemo<Look>(() => ({
    ...settings.look,
    split: state.comparing ? 1 : state.split,
    showMesh: state.showMesh,
  }))
  let sending = false
  const sendLook = async () => {
    if (sending) return
    sending = true
    let sent: Look | undefined
    while (sent !== look()) {
      sent = look()
      await api.setLook(sent)
    }
    sending = false
  }
  const opened = open()
  createEffect(on(look, () => void opened.then(sendLook, () => undefined)))

  async function open(): Promise<void> {
    try {
      const capabilities = await threads.open(await rememberedCapabilities())
      void rememberCapabilities(capabilities)
      setState({ capabilities })
      if (state.phase.name === 'opening') enter({ name: 'idle' })
    } catch (error) {
      enter({ name: 'failed', error: asError(error) })
      throw error
    }
  }
  opened.catch(() => undefined) // the phase says so

  function heard(event: StudioEvent): void {
    if (event.name === 'stats') {
      if (!isRunning()) return // the last one may come after the stop
      const { fps, latencyMs } = event.stats
      setState('stats', event.stats)
      setState('history', (past) => [...past.slice(1 - HISTORY), { fps, latencyMs: latencyMs.p95 }])
    } else if (event.name === 'first-swap') {
      performance.mark('first-swap')
      setState('firstSwapMs', (known) => known ?? performance.now())
    } else if (event.name === 'notice') {
      onNotice(event.notice, event.detail)
    }
  }

  const letGo = async () => {
    const old = feed
    feed = undefined
    await old?.end()
  }

  /** Feeds the studio, unless something else was asked for meanwhile. */
  const give = async (next: FrameFeed, mine: number) => {
    await letGo()
    if (mine !== turn) return next.end()
    feed = next
    await api.feed(transfer(next.payload, [next.payload as Transferable]))
    if (mine === turn) enter({ name: 'live' })
  }

  async function feedCamera({ track, facing }: OpenCamera, mine: number): Promise<void> {
    // People expect a mirror of themselves, and never of what is behind the phone.
    if (facing === 'environment' && settings.look.mirror) store.changeLook({ mirror: false })
    await give(framesOfTrack(track), mine)
  }

  function lost(): void {
    turn++
    void letGo()
    enter({ name: 'waiting' })
  }

  const feedFile = async (mine: number) => {
    if (!file) throw problem('NoVideoTrackError')
    await file.video.play()
    await give(framesOfVideo(file.video), mine)
  }

  /** Frames from the chosen input, until `stop`. What goes wrong shows as the phase. */
  const start = async (kind: InputKind = settings.input): Promise<void> => {
    const mine = ++turn
    store.change({ input: kind })
    enter({ name: 'starting' })
    try {
      await Promise.all([opened, letGo()])
      if (mine !== turn) return
      if (kind !== 'camera') camera.close()
      if (kind !== 'file') file?.video.pause()
      if (kind === 'camera')
        await feedCamera(await camera.open(cameraChoice(settings, state.capabilities)), mine)
      else if (kind === 'file') await feedFile(mine)
      else await give(await openDemoHead(), mine)
    } catch (error) {
      if (mine === turn) enter({ name: 'failed', error: asError(error) })
    }
  }

  const stop = async () => {
    turn++
    enter({ name: 'idle' })
    setState('stats', undefined)
    await letGo()
    camera.close()
    file?.video.pause()
    await opened.then(
      () => api.stop(),
      () => undefined,
    )
  }

  /** Uses a video file as input from now on. Rejects with a named Error; what ran before then goes on. */
  const openFile = async (chosen: File): Promise<void> => {
    const next = await openVideoFile(chosen)
    file?.[Symbol.dispose]()
    file = next
    setState('fileName', next.name)
    if (settings.look.mirror) store.changeLook({ mirror: false })
    await start('file')
  }

  /** Changes the camera or its format; takes effect at once while it runs. */
  const chooseCamera = async (
    changes: Partial<Pick<typeof settings, 'cameraId' | 'facing' | 'size' | 'rate'>>,
  ) => {
    store.change(changes)
    if ((isRunning() || state.phase.name === 'failed') && settings.input === 'camera') await start('camera')
  }

  const flip = () => {
    const facing = settings.facing === 'user' ? 'environment' : 'user'
    store.changeLook({ mirror: facing === 'user' })
    return chooseCamera({ facing, cameraId: '' })
  }

  /** The picture as shown now, as PNG. Rejects with an Error named `NothingShownError` before the first. */
  const snapshot = (): Promise<Blob> =>
    state.stats ? api.snapshot() : Promise.reject(problem('NothingShownError'))

  // Nobody sees it and nobody watches or records it: it rests, and goes on when somebody looks again. Another page of
  // ours in its place is a decision: the camera's light goes off. A hidden window is not: the camera stays ready.
  const [isHidden, setHidden] = createSignal(document.hidden)
  const [holds, setHolds] = createSignal(0)
  const isSeen = () => isShown() && !isHidden()
  const isWanted = () => isSeen() || output.isWatched() || holds() > 0
  const rest = () => {
    enter({ name: 'resting' })
    if (!isShown()) camera.close()
    file?.video.pause()
    void letGo().then(() => api.stop())
  }
  const goOn = () => {
    const current = camera.state()
    void (current.name === 'open' ? feedCamera(current.camera, ++turn) : start())
  }
  createEffect(() => {
    if (state.phase.name === 'live' && !isWanted()) untrack(rest)
    else if (state.phase.name === 'resting' && isSeen()) untrack(goOn)
  })

  /** The picture is wanted even where nobody sees it, as for a recording, until what this returns is called. */
  const hold = () => {
    setHolds((count) => count + 1)
    let isHeld = true
    return () => {
      if (isHeld) setHolds((count) => count - 1)
      isHeld = false
    }
  }

  const visibilityChanged = () => setHidden(document.hidden)
  document.addEventListener('visibilitychange', visibilityChanged)
  onCleanup(() => {
    document.removeEventListener('visibilitychange', visibilityChanged)
    void letGo()
    file?.[Symbol.dispose]()
  })

  return {
    state,
    look,
    isRunning,
    camera,
    canvas,
    output,
    api,
    opened,
    start,
    stop,
    openFile,
    chooseCamera,
    flip,
    snapshot,
    hold,
    compare: (comparing: boolean) => setState({ comparing }),
    setSplit: (split: number | undefined) => setState({ split }),
    setShowMesh: (showMesh: boolean) => setState({ showMesh }),
    chooseFace: (id: number) => {
      setState('chosenFace', id)
      return api.chooseFace(id)
    },
  }
}

export type Studio = ReturnType<typeof createStudio>

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

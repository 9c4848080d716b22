import { proxy, type Remote } from 'comlink'
import { batch, createSignal, getOwner, onCleanup, runWithOwner } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { ClipApi, ClipEvent, Opened } from '../../workers/clip/clip-api'
import type { Capabilities } from '../../workers/studio/studio-api'
import { createClipThread } from './clip-thread'

export type ViewerPhase =
  | { readonly name: 'empty' }
  /** `converting` 0..1 while ffmpeg makes something readable of an odd format. */
  | {
      readonly name: 'opening'
      readonly fileName: string
      readonly bytes: number
      readonly converting?: number
    }
  | { readonly name: 'open'; readonly opened: Opened }
  | { readonly name: 'failed'; readonly fileName: string; readonly error: Error }

export interface ViewerState {
  thread:
    | { readonly name: 'asleep' | 'starting' | 'ready' }
    | { readonly name: 'failed'; readonly error: Error }
  phase: ViewerPhase
  /** The picture on the stage is this moment's, seconds on the clip's own clock. */
  shownS: number
  /** The moment that was asked for; the picture follows as soon as it can. */
  wantedS: number
  faces: number
  isBusy: boolean
  isPlaying: boolean
  split: number | undefined
  /** While held, the clip is shown as it was filmed. */
  comparing: boolean
}

const STRIP_PX = 56
const MAX_STRIP = 40

export interface ViewerParts {
  readonly capabilities: () => Promise<Capabilities | undefined>
  readonly onNotice: (name: string, detail: string) => void
  /** What was measured, where it was. */
  readonly onReady: (capabilities: Capabilities) => void
}

/** The clip or still on the stage: opening it, its playhead, its strip of small pictures. Nothing else writes this state. */
export function createViewer({ capabilities, onNotice, onReady }: ViewerParts) {
  const [state, setState] = createStore<ViewerState>({
    thread: { name: 'asleep' },
    phase: { name: 'empty' },
    shownS: 0,
    wantedS: 0,
    faces: 0,
    isBusy: false,
    isPlaying: false,
    split: undefined,
    comparing: false,
  })
  const owner = getOwner()
  const [strip, setStrip] = createSignal<readonly HTMLCanvasElement[]>([])
  const [thread, setThread] = createSignal<ReturnType<typeof createClipThread>>()
  let opened: Promise<Remote<ClipApi>> | undefined
  let opening = new AbortController()
  onCleanup(() => opening.abort())
  const enter = (phase: ViewerPhase) => setState('phase', reconcile(phase))

  /** The thread, started by whoever needs it first. Rejects with a named Error; a later call tries again. */
  const api = (): Promise<Remote<ClipApi>> => {
    opened ??= start()
    opened.catch((error) => {
      opened = undefined
      setState('thread', { name: 'failed', error })
    })
    return opened
  }
  async function start(): Promise<Remote<ClipApi>> {
    setState('thread', { name: 'starting' })
    const next = runWithOwner(owner, () => createClipThread(heard)) // it ends with the page, whoever asked for it first
    if (!next) throw new Error('The viewer is gone.')
    setThread(next)
    onReady(await next.open(await capabilities()))
    setState('thread', { name: 'ready' })
    return next.api
  }

  function heard(event: ClipEvent): void {
    if (event.name === 'shown') {
      setState({ shownS: event.timeS, faces: event.faces, isBusy: event.busy })
      if (state.isPlaying) setState('wantedS', event.timeS)
    } else if (event.name === 'playing') setState('isPlaying', event.isPlaying)
    else if (event.name === 'notice') onNotice(event.notice, event.detail)
  }

  /**
   * Opens this in place of what was there; `prepare` tells the thread how to show it. Rejects with a named Error, or as
   * aborted when something else was opened meanwhile.
   */
  const show = async (file: File, atS: number | undefined, prepare: () => Promise<void>): Promise<Opened> => {
    opening.abort()
    opening = new AbortController()
    const { signal } = opening
    const about = { fileName: file.name, bytes: file.size }
    batch(() => {
      enter({ name: 'opening', ...about })
      setStrip([])
      setState({ isPlaying: false, faces: 0, isBusy: false, comparing: false })
    })
    try {
      const clip = await api()
      await prepare()
      signal.throwIfAborted()
      const progress = proxy((converting: number) => {
        // It comes by another way than the result, and may come after it.
        if (!signal.aborted && state.phase.name === 'opening')
          enter({ name: 'opening', ...about, converting })
      })
      const found = await clip.load(file, progress, signal)
      signal.throwIfAborted()
      const first = found.kind === 'clip' ? found.info.fromS : 0
      batch(() => {
        enter({ name: 'open', opened: found })
        setState({ shownS: atS ?? first, wantedS: atS ?? first })
      })
      if (atS !== undefined && atS !== first) void clip.seek(atS)
      return found
    } catch (error) {
      if (!signal.aborted) enter({ name: 'failed', fileName: file.name, error: asError(error) })
      throw signal.aborted ? signal.reason : error
    }
  }

  /** Nothing is open any more, and nothing is being opened. */
  const clear = async () => {
    opening.abort()
    enter({ name: 'empty' })
    setStrip([])
    if (opened) await (await api()).unload()
  }

  /**
   * Small pictures over the clip's length, as many as fit; those of what was opened before are forgotten. Gives the one
   * in the middle back.
   */
  const fillStrip = async (widthPx: number): Promise<Blob | undefined> => {
    const { phase } = state
    if (phase.name !== 'open' || phase.opened.kind !== 'clip') return undefined
    const { width, height } = phase.opened.info.video
    const count = Math.min(MAX_STRIP, Math.max(4, Math.round(widthPx / ((STRIP_PX * width) / height))))
    const cells = Array.from({ length: count }, () => document.createElement('canvas'))
    setStrip(cells)
    const { signal } = opening
    const place = proxy((index: number, image: ImageBitmap) => {
      const cell = cells[index]
      if (!cell || signal.aborted) return image.close()
      cell.width = image.width
      cell.height = image.height
      cell.getContext('bitmaprenderer')?.transferFromImageBitmap(image)
    })
    const heightPx = Math.round(STRIP_PX * Math.min(2, devicePixelRatio))
    try {
      await (await api()).filmstrip(count, heightPx, place, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return signal.aborted ? undefined : pictureOf(cells[count >> 1])
  }

  /** Resolves when the picture of this moment is shown, or a later wish has overtaken it. Rejects with a named Error. */
  const seekNow = async (timeS: number) => {
    setState('wantedS', timeS)
    await (await api()).seek(timeS)
    if (state.wantedS === timeS) setState('wantedS', state.shownS) // it was somewhere within this frame
  }
  let frame = 0
  /** The picture of this moment, soon: of many wishes only the newest counts. */
  const seek = (timeS: number) => {
    setState('wantedS', timeS)
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      seekNow(state.wantedS).catch((error) => onNotice(asError(error).name, asError(error).message))
    })
  }

  const play = async (fromS: number, toS: number) => (await api()).play(fromS, toS)
  const pause = async () => (await api()).pause()

  return {
    state,
    api,
    strip,
    canvas: () => thread()?.canvas(),
    /** Aborts with the clip that is open now. */
    signal: () => opening.signal,
    show,
    clear,
    fillStrip,
    seek,
    seekNow,
    play,
    pause,
    setSplit: (split: number | undefined) => setState({ split }),
    compare: (comparing: boolean) => setState({ comparing }),
  }
}

export type Viewer = ReturnType<typeof createViewer>

/** undefined where nothing was drawn yet. */
const pictureOf = (cell: HTMLCanvasElement | undefined): Promise<Blob | undefined> =>
  new Promise((resolve) => {
    if (cell) cell.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', 0.8)
    else resolve(undefined)
  })

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

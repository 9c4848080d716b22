import type { Plate } from '../compositor/compositor'
import type { Layer, Overlay } from '../compositor/layer'
import type { Face } from '../faces/face'
import type { FaceTracker } from '../faces/tracker'
import { boundsOf, placeOf } from '../faces/tracks'
import { withProvenance } from '../media/png-provenance'
import { PictureTap } from '../recording/picture-tap'
import type { SwapEngine } from '../swap/engine'
import { BadgeOf } from './badge-of'
import type { Display } from './display'
import { FeedRun } from './feed-run'
import { type Arrival, type FrameFeed, Gate, pump } from './gate'
import { DEFAULT_LOOK, type Look } from './look'
import { showing } from './loss'
import type { Stats, StudioEvent } from './studio-api'

const STATS_EVERY_MS = 250
/** This many frames in a row that could not be worked on: show the plate alone and say so. */
const FAILURES_UNTIL_PASS_THROUGH = 30

export interface StudioParts<Source> {
  readonly tracker: FaceTracker
  readonly engine: SwapEngine<Source>
  readonly display: Display
  readonly onEvent: (event: StudioEvent) => void
}

/** The loop: newest frame, stages in order. Owns what it is made of, and whichever frame is at work. */
export class Studio<Source> implements Disposable {
  readonly #parts: StudioParts<Source>
  readonly #badge = new BadgeOf()
  #look: Look = DEFAULT_LOOK
  #source: Source | undefined
  #chosen: number | undefined
  #run: { readonly life: AbortController; readonly done: Promise<void> } | undefined
  /** Faces the engine may remember something about. */
  readonly #known = new Set<number>()
  #tap: PictureTap | undefined
  #sinceSource = false // a swap with the present source was shown

  constructor(parts: StudioParts<Source>) {
    this.#parts = parts
  }

  set look(look: Look) {
    this.#look = look
  }

  set source(source: Source | undefined) {
    this.#source = source
    this.#sinceSource = false
  }

  /** Hands the pictures shown from now on to a recorder; undefined: no more. */
  record(port: MessagePort | undefined): void {
    this.#tap?.[Symbol.dispose]()
    this.#tap = port && new PictureTap(port)
  }

  choose(faceId: number): void {
    this.#chosen = faceId
  }

  /** Works on these frames until they end; those of an earlier feed are stopped first. */
  async feed(feed: FrameFeed): Promise<void> {
    await this.stop()
    const life = new AbortController()
    this.#run = { life, done: this.#work(feed, life.signal) }
  }

  async stop(): Promise<void> {
    this.#run?.life.abort()
    await this.#run?.done
    this.#run = undefined
  }

  /** The picture as last drawn, as PNG; one with a swap says so inside. Rejects before the first. */
  async snapshot(): Promise<Blob> {
    const png = await this.#parts.display.snapshot()
    if (this.#source === undefined) return png
    return new Blob([withProvenance(new Uint8Array(await png.arrayBuffer()))], { type: png.type })
  }

  async #work(feed: FrameFeed, signal: AbortSignal): Promise<void> {
    const { tracker, onEvent } = this.#parts
    using gate = new Gate()
    const pumping = pump(feed, gate, signal)
    const run = new FeedRun(gate)
    tracker.clear()
    let failures = 0
    let reportedMs = 0
    for (;;) {
      const arrival = await gate.next()
      if (!arrival) break
      try {
        await this.#show(arrival, run, failures < FAILURES_UNTIL_PASS_THROUGH)
        if (failures < FAILURES_UNTIL_PASS_THROUGH) failures = 0
      } catch (error) {
        failures += this.#failed(error)
        if (failures === FAILURES_UNTIL_PASS_THROUGH) onEvent(notice('PassThrough', error))
      }
      if (performance.now() - reportedMs < STATS_EVERY_MS) continue
      reportedMs = performance.now()
      onEvent({ name: 'stats', stats: this.#stats(run) })
    }
    await pumping.catch((error) => onEvent(notice('FeedFailed', error)))
    if (!signal.aborted) onEvent({ name: 'ended' })
  }

  /** A lost device is replaced, and its frame was not at fault. */
  #failed(error: unknown): 0 | 1 {
    if (!(error instanceof Error && error.name === 'DeviceLostError')) return 1
    this.#parts.display.deviceLost()
    this.#parts.onEvent(notice('DeviceLostError', error))
    return 0
  }

  async #show({ frame, arrivedMs }: Arrival, run: FeedRun, swap: boolean): Promise<void> {
    const { display, onEvent } = this.#parts
    const dueMs = run.clock.dueMs(frame.timestamp, arrivedMs)
    const timeMs = run.timeMs(frame.timestamp)
    const compositor = await display.compositor()
    if (!compositor) {
      frame.close() // the canvas is on its way
      return
    }
    using plate = await run.stats.time('take', () => compositor.take(frame))
    const layers = swap ? await this.#swap(plate, timeMs, run) : []
    const missing = this.#source === undefined ? 0 : this.#parts.tracker.missing(timeMs)
    const show =
      this.#source === undefined ? 'plain' : showing(this.#look.onLoss, layers.length, missing, run.swapped)
    if (show === 'freeze') return
    const overlay = this.#overlay(plate, run.faces, show === 'hide')
    const shown = show === 'hide' ? [] : layers
    const tap = this.#tap
    await run.stats.time('draw', () =>
      tap ? tap.draw(compositor, plate, shown, overlay, dueMs) : compositor.draw(plate, shown, overlay),
    )
    run.stats.frameShown(performance.now() - dueMs, compositor.takeCopies())
    run.frame = { width: plate.width, height: plate.height }
    if (layers.length === 0) return
    run.swapped = true
    if (this.#sinceSource) return
    this.#sinceSource = true
    onEvent({ name: 'first-swap' })
  }

  async #swap(plate: Plate, timeMs: number, run: FeedRun): Promise<Layer[]> {
    const { tracker, engine } = this.#parts
    run.faces = await tracker.track(plate, timeMs, this.#look.smoothing, (stage, ms) =>
      run.stats.add(stage, ms),
    )
    for (const id of this.#known) {
      if (tracker.remembers(id)) continue
      engine.forget(id)
      this.#known.delete(id)
    }
    for (const { id } of run.faces) this.#known.add(id)
    const source = this.#source
    const wanted = source === undefined ? [] : this.#wanted(run.faces)
    run.swappedIds = wanted.map((face) => face.id)
    if (source === undefined || wanted.length === 0) return []
    return run.stats.time('layer', () => wanted.map((face) => engine.layer(face, source, this.#look, timeMs)))
  }

  #wanted(faces: readonly Face[]): readonly Face[] {
    if (this.#look.faces === 'chosen') return faces.filter((face) => face.id === this.#chosen)
    if (this.#look.faces === 'all') return faces
    return [...faces].sort((a, b) => placeOf(b.landmarks).size - placeOf(a.landmarks).size).slice(0, 1)
  }

  #overlay(plate: Plate, faces: readonly Face[], veil: boolean): Overlay {
    const { mirror, split, showMesh, badge } = this.#look
    return {
      veil,
      mirror,
      split,
      meshes: showMesh ? faces.map((face) => face.landmarks) : [],
      badge:
        badge === 'off' || this.#source === undefined
          ? undefined
          : { image: this.#badge.forHeight(plate.height), corner: badge },
    }
  }

  #stats(run: FeedRun): Stats {
    return {
      ...run.stats.summary(),
      dropped: run.gate.dropped,
      frame: run.frame,
      engine: this.#parts.engine.id,
      compositor: this.#parts.display.kind,
      faces: run.faces.map(({ id, landmarks }) => {
        const { width, height } = run.frame
        const { left, top, right, bottom } = boundsOf(landmarks)
        const box = {
          x: left / width,
          y: top / height,
          width: (right - left) / width,
          height: (bottom - top) / height,
        }
        return { id, box, swapped: run.swappedIds.includes(id) }
      }),
    }
  }

  [Symbol.dispose](): void {
    this.#run?.life.abort()
    this.record(undefined)
    this.#parts.display[Symbol.dispose]()
    this.#badge[Symbol.dispose]()
  }
}

const notice = (name: string, error: unknown): StudioEvent => ({
  name: 'notice',
  notice: name,
  detail: error instanceof Error ? error.message : String(error),
})

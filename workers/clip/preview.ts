import type { Plate } from '../compositor/compositor'
import type { Face } from '../faces/face'
import type { FaceNetworks } from '../faces/networks'
import { FaceTracker } from '../faces/tracker'
import { isAbort } from '../rpc/named-error'
import type { Display } from '../studio/display'
import type { ClipEvent } from './clip-api'
import { facesInFrame } from './faces-in-frame'
import type { Footage } from './footage'
import { onTime } from './on-time'
import type { Stage } from './stage'
import { Turns } from './turns'

export interface PreviewParts<Source> {
  readonly display: Display
  readonly stage: Stage<Source>
  /** Its own: nobody else may run these meanwhile. */
  readonly networks: FaceNetworks
  readonly onEvent: (event: ClipEvent) => void
}

/** The frame that is shown; the preview closes it. */
export interface Shown {
  readonly frame: VideoFrame
  readonly timeS: number
}

type Looking = (plate: Plate) => Promise<readonly Face[]>

/** A device that is lost more often than this while one picture is drawn is lost for good. */
const TRIES = 3

/** Shows moments of the footage that is open. Wishes take turns; one that a newer one has overtaken is dropped. */
export class Preview<Source> implements AsyncDisposable {
  readonly #parts: PreviewParts<Source>
  readonly #turns = new Turns()
  readonly #uses = new Set<Promise<unknown>>()
  #footage: Footage | undefined
  #life = new AbortController() // of the footage
  #shown: Shown | undefined
  /** What a close look at the shown frame found; undefined until then. */
  #faces: readonly Face[] | undefined
  #canvas: OffscreenCanvas | undefined // to be presented on from the next picture on
  #wish = 0
  #playing: AbortController | undefined
  #redraw: Promise<void> | undefined // one that waits for its turn

  constructor(parts: PreviewParts<Source>) {
    this.#parts = parts
  }

  get shown(): Shown | undefined {
    return this.#shown
  }

  show(canvas: OffscreenCanvas): Promise<void> {
    this.#canvas = canvas
    return this.redraw()
  }

  /** Shows other footage, or none, and takes it over with its first frame. What was open is disposed. */
  open(footage: Footage | undefined, first: Shown | undefined): Promise<void> {
    const wish = this.#newWish()
    this.#life.abort()
    return this.#turns.take(async () => {
      await Promise.allSettled(this.#uses)
      this.#replace(first)
      this.#footage?.[Symbol.dispose]()
      this.#footage = footage
      this.#life = new AbortController()
      await this.#present(wish).catch((error) => this.#tell(error))
    })
  }

  /** Work beside the preview on what is open; it is aborted, and waited for, before other footage takes its place. */
  async use<Result>(
    work: (footage: Footage, signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    if (!this.#footage) throw new Error('No file is open.')
    const life = this.#life.signal
    const running = work(this.#footage, signal ? AbortSignal.any([life, signal]) : life)
    this.#uses.add(running)
    try {
      return await running
    } finally {
      this.#uses.delete(running)
    }
  }

  /** Ends playing. Resolves when the picture is shown, or a newer wish has overtaken it. */
  seek(timeS: number): Promise<void> {
    const wish = this.#newWish()
    return this.#turns.take(async () => {
      if (wish !== this.#wish || !this.#footage) return
      try {
        this.#replace(await this.#footage.frameAt(timeS, this.#life.signal))
        await this.#present(wish)
      } catch (error) {
        if (!isAbort(error)) throw error // other footage is being opened
      }
    })
  }

  /** The same frame again, after something about how it is drawn has changed; while playing, the next one will do. */
  redraw(): Promise<void> {
    if (this.#playing) return Promise.resolve()
    this.#redraw ??= this.#turns.take(async () => {
      this.#redraw = undefined
      await this.#present(this.#wish).catch((error) => this.#tell(error))
    })
    return this.#redraw
  }

  /** Begins to play; events tell the rest. */
  play(fromS: number, toS: number): void {
    const wish = this.#newWish()
    const playing = new AbortController()
    this.#playing = playing
    const signal = AbortSignal.any([playing.signal, this.#life.signal])
    void this.#turns.take(async () => {
      await this.#play(fromS, toS, wish, signal).catch((error) => this.#tell(error))
      if (wish !== this.#wish) return
      this.#playing = undefined
      await this.#present(wish).catch((error) => this.#tell(error))
    })
  }

  /** Stays at the frame shown last, and looks at it more closely than there was time for. A wish to seek is left alone. */
  pause(): Promise<void> {
    if (!this.#playing) return this.#turns.take(() => Promise.resolve())
    const wish = this.#newWish()
    return this.#turns.take(async () => {
      if (wish === this.#wish) await this.#present(wish).catch((error) => this.#tell(error))
    })
  }

  #newWish(): number {
    this.#playing?.abort()
    this.#playing = undefined
    return ++this.#wish
  }

  async #play(fromS: number, toS: number, wish: number, signal: AbortSignal): Promise<void> {
    const reader = this.#footage?.reader
    if (wish !== this.#wish || !reader) return
    const { stage, networks, onEvent } = this.#parts
    const tracker = new FaceTracker(networks)
    const known = new Map<number, Face>()
    onEvent({ name: 'playing', isPlaying: true })
    try {
      for await (const picture of onTime(reader.frames(fromS, toS, signal), signal)) {
        this.#replace(picture)
        await this.#present(wish, async (plate) => {
          const faces = await tracker.track(
            plate,
            picture.timeS * 1000,
            stage.look.smoothing,
            () => undefined,
          )
          for (const face of faces) known.set(face.id, face)
          return faces
        })
      }
    } catch (error) {
      if (!isAbort(error)) throw error
    } finally {
      stage.forget(known.values())
      onEvent({ name: 'playing', isPlaying: false })
    }
  }

  /** Draws what is to be shown; a GPU that is lost meanwhile is replaced. `look` finds the faces while playing. */
  async #present(wish: number, look?: Looking): Promise<void> {
    for (let left = TRIES; this.#shown; left--) {
      try {
        return await this.#draw(this.#shown, wish, look)
      } catch (error) {
        if (left === 1 || !(error instanceof Error && error.name === 'DeviceLostError')) throw error
        this.#parts.display.deviceLost()
        this.#tell(error)
      }
    }
  }

  async #draw({ frame, timeS }: Shown, wish: number, look: Looking | undefined): Promise<void> {
    const { display, stage, networks, onEvent } = this.#parts
    if (this.#canvas) display.show(this.#canvas)
    this.#canvas = undefined
    const compositor = await display.compositor()
    if (!compositor) return // the canvas is on its way, and `show` draws
    using plate = await compositor.take(frame.clone())
    const glance = () => new FaceTracker(networks).track(plate, 0, 0, () => undefined)
    const isOvertaken = wish !== this.#wish // somebody scrubs: what is shown for a moment must not keep the next waiting
    const faces = await (look ? look(plate) : isOvertaken ? glance() : this.#lookClosely(plate, networks))
    await stage.draw(compositor, plate, faces, timeS)
    if (!look) stage.forget(faces) // a single frame stands for itself, also when it is drawn again
    onEvent({ name: 'shown', timeS, faces: faces.length, busy: wish !== this.#wish })
  }

  async #lookClosely(plate: Plate, networks: FaceNetworks): Promise<readonly Face[]> {
    this.#faces ??= await facesInFrame(plate, networks, this.#life.signal)
    return this.#faces
  }

  #tell(error: unknown): void {
    if (isAbort(error)) return
    const [name, detail] = error instanceof Error ? [error.name, error.message] : ['', String(error)]
    this.#parts.onEvent({ name: 'notice', notice: name, detail })
  }

  #replace(shown: Shown | undefined): void {
    this.#shown?.frame.close()
    this.#shown = shown
    this.#faces = undefined
  }

  /** What is at work is finished first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.open(undefined, undefined)
    this.#parts.display[Symbol.dispose]()
  }
}

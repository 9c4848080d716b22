/** Frames of a clip in, frames with other faces in them out, segment by segment, from wherever the journal says. */
import type { Pixels } from '../../models/pixels'
import type { Compositor, Plate } from '../compositor/compositor'
import type { Overlay } from '../compositor/layer'
import type { FacesAt } from '../faces/look-ahead'
import type { ClipFrame, ClipReader } from '../media/clip-reader'
import { type Memory, parseMemory } from '../storage/memory'
import { BadgeOf } from '../studio/badge-of'
import { showing } from '../studio/loss'
import type { SwapEngine } from '../swap/engine'
import { type Casting, castFaces, swapsAnyone } from './casting'
import type { Wanted } from './frame-choice'
import type { Scout } from './scout'
import type { Segments } from './segments'
import type { StageTimes } from './stage-times'
import { thumbnailOf } from './thumbnail'

/** Everything that a frame depends on besides itself. */
export interface RenderMemory extends Memory {
  readonly kind: 'render-1'
  readonly scout: unknown
  readonly engine: unknown
  /** Numbers of faces that were swapped when they were last seen and may come back. */
  readonly swappedIds: ReadonlySet<number>
  /** There was a swap in a frame before. */
  readonly hasSwapped: boolean
  /** The frame before, where it may have to stand in for the next. */
  readonly last: Pixels | undefined
  readonly thumbnail: Thumbnail | undefined
  readonly hasStandIns: boolean
}

/** What is known of the frames besides themselves. */
export interface Rendered {
  /** A picture for lists. */
  readonly thumbnail: Blob | undefined
  /** The file is damaged in places; other frames stand in there. */
  readonly hasStandIns: boolean
}

export const renderedSoFar = ({ thumbnail, hasStandIns }: RenderMemory): Rendered => ({
  thumbnail: thumbnail?.picture,
  hasStandIns,
})

/** A frame that shows what the result is about, and how well it does. */
interface Thumbnail {
  readonly picture: Blob
  readonly worth: number
}

export const parseRenderMemory = (memory: unknown): RenderMemory | undefined =>
  memory === undefined ? undefined : parseMemory<RenderMemory>(memory, 'render-1')

export interface RenderParts<Source> {
  readonly reader: ClipReader
  /** Those of the result, with their place among all that are read. */
  readonly frames: readonly Wanted[]
  /** For every frame that is read: whether faces were looked for in it, that is whether the scout knows it. */
  isScouted(place: number): boolean
  /** When each frame that is read is shown. */
  readonly schedule: readonly { readonly timeS: number; readonly durationS: number }[]
  readonly casting: Casting<Source>
  readonly engine: SwapEngine<Source>
  readonly compositor: Compositor
  readonly scout: Scout
  readonly segments: Segments
  readonly times: StageTimes
  /** How many frames of the result are finished. */
  readonly from: number
  onFrame(): void
}

/** Draws and encodes. The memory is what the last finished segment left; the engine and the scout have theirs already. */
export class Render<Source> implements Disposable {
  readonly #parts: RenderParts<Source>
  readonly #badge = new BadgeOf()
  readonly #swappedIds: Set<number>
  #hasSwapped: boolean
  #last: Pixels | undefined
  #thumbnail: Thumbnail | undefined
  #hasStandIns: boolean
  /** The pixels of the frame before are being copied: nothing may be drawn until that is done. */
  #adding: Promise<void> = Promise.resolve()

  constructor(parts: RenderParts<Source>, memory: RenderMemory | undefined) {
    this.#parts = parts
    this.#swappedIds = new Set(memory?.swappedIds)
    this.#hasSwapped = memory?.hasSwapped ?? false
    this.#last = memory?.last
    this.#thumbnail = memory?.thumbnail
    this.#hasStandIns = memory?.hasStandIns ?? false
  }

  /** To the end of the clip. */
  async run(signal: AbortSignal): Promise<Rendered> {
    const { frames, schedule, reader, from, segments } = this.#parts
    const [first, last] = [from === 0 ? 0 : (frames[from - 1]?.place ?? 0) + 1, frames.at(-1)?.place ?? -1]
    const [begin, end] = [schedule[first], schedule[last]]
    if (from < frames.length && begin && end) {
      const pictures = reader.frames(begin.timeS, end.timeS + end.durationS, signal)
      try {
        await this.#through(pictures, first, last, signal)
      } finally {
        await this.#adding.catch(() => undefined)
        await pictures.return()
      }
    }
    await segments.complete()
    return { thumbnail: this.#thumbnail?.picture, hasStandIns: this.#hasStandIns }
  }

  async #through(
    pictures: AsyncGenerator<ClipFrame, void, void>,
    first: number,
    last: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { frames, schedule, times, scout, segments, isScouted } = this.#parts
    let count = this.#parts.from
    for (let place = first; place <= last; place++) {
      signal.throwIfAborted()
      const { value: picture } = await times.time('decode', () => pictures.next())
      if (!picture) throw new Error(`The frame at ${schedule[place]?.timeS} s is missing.`)
      try {
        const known = isScouted(place) ? await scout.next() : undefined
        const wanted = frames[count]
        if (wanted?.place !== place) continue
        this.#hasStandIns ||= picture.isStandIn === true
        await this.#show(picture, known, wanted, count / frames.length)
      } finally {
        picture.frame.close() // twice is harmless
      }
      count++
      this.#parts.onFrame()
      if (!segments.isFull && count < frames.length) continue
      await this.#adding
      await times.time('encode', () => segments.seal(this.#save()))
    }
  }

  async #show(picture: ClipFrame, known: FacesAt | undefined, wanted: Wanted, share: number): Promise<void> {
    const { compositor, times, segments, engine, casting } = this.#parts
    using plate = await times.time('take', () => compositor.take(picture.frame))
    await times.time('encode', () => this.#adding)
    let swapped = 0
    let show: 'plain' | 'hide' | 'freeze' = 'plain'
    if (known && swapsAnyone(casting)) {
      const { timeS } = picture
      const cast = castFaces(casting, known.faces, timeS, plate.width)
      swapped = cast.length
      show = this.#showing(known, new Set(cast.map(({ face }) => face.id)))
      if (show !== 'freeze') {
        for (const { face } of cast) engine.expect(known.coming.get(face.id) ?? [])
        const layers = await times.time('layer', () =>
          cast.map(({ face, source }) => engine.layer(face, source, casting.look, timeS * 1000)),
        )
        const overlay = this.#overlay(plate, show === 'hide')
        await times.time('draw', () => compositor.draw(plate, show === 'hide' ? [] : layers, overlay))
      }
      for (const id of known.gone) {
        engine.forget(id)
        this.#swappedIds.delete(id)
      }
    } else await times.time('draw', () => compositor.draw(plate, [], PLAIN))
    const pixels =
      show === 'freeze' && this.#last ? this.#last : await times.time('read', () => compositor.pixels())
    this.#last = pixels
    this.#adding = segments.add(pixels, wanted)
    this.#adding.catch(() => undefined) // whoever waits for it hears of it
    await this.#considerThumbnail(pixels, swapped, share)
  }

  /** Also takes note of who was swapped. */
  #showing({ faces, missing }: FacesAt, swapped: ReadonlySet<number>): 'plain' | 'hide' | 'freeze' {
    const absent = [...this.#swappedIds].filter((id) => !faces.some((face) => face.id === id))
    const missed = Math.min(missing, absent.length) // nobody is missed after a cut
    for (const { id } of faces) {
      if (swapped.has(id)) this.#swappedIds.add(id)
      else this.#swappedIds.delete(id)
    }
    const { onLoss } = this.#parts.casting.look
    // Only people who keep their faces are there, and nobody is missed: there is nothing to hide.
    const onlyKept = faces.length > 0 && swapped.size === 0 && missed === 0
    const show = onlyKept ? 'plain' : showing(onLoss, swapped.size, missed, this.#hasSwapped)
    if (swapped.size > 0) this.#hasSwapped = true
    return show
  }

  #overlay({ height }: Plate, veil: boolean): Overlay {
    const { badge } = this.#parts.casting.look
    return {
      ...PLAIN,
      veil,
      badge: badge === 'off' ? undefined : { image: this.#badge.forHeight(height), corner: badge },
    }
  }

  /** The first frame; better, the first one with a swap; best, one with a swap some way into the clip. */
  async #considerThumbnail(pixels: Pixels, swapped: number, share: number): Promise<void> {
    const worth = swapped === 0 ? 1 : share < 0.2 ? 2 : 3
    if (worth <= (this.#thumbnail?.worth ?? 0)) return
    this.#thumbnail = { picture: await thumbnailOf(pixels), worth }
  }

  #save(): RenderMemory {
    const { scout, engine, casting } = this.#parts
    const last = this.#last
    return {
      kind: 'render-1',
      scout: scout.save(),
      engine: engine.save(),
      swappedIds: new Set(this.#swappedIds),
      hasSwapped: this.#hasSwapped,
      last: casting.look.onLoss === 'freeze' && last ? { ...last, data: last.data.slice() } : undefined,
      thumbnail: this.#thumbnail,
      hasStandIns: this.#hasStandIns,
    }
  }

  [Symbol.dispose](): void {
    this.#badge[Symbol.dispose]()
  }
}

const PLAIN: Overlay = { veil: false, mirror: false, split: undefined, meshes: [], badge: undefined }

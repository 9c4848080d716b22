import { type Affine, invert } from '../../models/affine'
import type { Detection } from '../../models/blazeface'
import type { Plate } from '../compositor/compositor'
import type { Crop, Face } from './face'
import type { FaceNetworks } from './networks'
import { smoothingSettings } from './one-euro'
import { placeOf, type Track, Tracks } from './tracks'

/** With faces in view and a place free, how often to look for more. */
const LOOK_AGAIN_MS = 250
/** After a miss the last landmarks are still drawn for this long. */
export const HOLD_MS = 150

/** Follows up to `limit` faces: crops from the last landmarks, looks for faces only when there is a reason to. */
export class FaceTracker {
  readonly #networks: FaceNetworks
  readonly #tracks: Tracks
  readonly #crops = new Map<number, Crop>()
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(networks: FaceNetworks, limit = 4) {
    this.#networks = networks
    this.#tracks = new Tracks(limit)
  }

  /**
   * The faces in this frame, and those lost less than HOLD_MS ago where they were last. Frames come in order of time.
   * `onStage` hears how long detection and mesh took.
   */
  async track(
    plate: Plate,
    timeMs: number,
    smoothing: number,
    onStage: (stage: 'detect' | 'mesh', ms: number) => void,
  ): Promise<readonly Face[]> {
    const scores = new Map<number, number>()
    const meshStart = performance.now()
    for (const track of this.#tracks.all) {
      if (timeMs - track.lastSeenMs > HOLD_MS * 2) continue // long lost: only the detector may bring it back
      const found = await this.#read(plate, this.#networks.cropOf(track.landmarks))
      if (!found) continue
      track.filter.smooth(
        found.landmarks,
        timeMs,
        placeOf(found.landmarks).size,
        smoothingSettings(smoothing),
      )
      this.#tracks.see(track, found.landmarks, timeMs)
      this.#crops.set(track.id, found.crop)
      scores.set(track.id, found.score)
    }
    if (this.#tracks.all.length > 0) onStage('mesh', performance.now() - meshStart)

    if (this.#shouldLook(timeMs)) {
      const start = performance.now()
      this.#lookedMs = timeMs
      for (const detection of await this.#networks.detect(plate)) {
        if (this.#tracks.seenAt(timeMs).length >= this.#tracks.limit) break
        if (this.#tracks.follows(placeOfDetection(detection), timeMs)) continue
        const first = await this.#read(plate, this.#networks.cropOfDetection(detection))
        const found = first && (await this.#read(plate, this.#networks.cropOf(first.landmarks)))
        if (!found) continue
        const track = this.#tracks.begin(found.landmarks, timeMs)
        track.filter.smooth(found.landmarks, timeMs, track.place.size, smoothingSettings(smoothing))
        this.#crops.set(track.id, found.crop)
        scores.set(track.id, found.score)
      }
      onStage('detect', performance.now() - start)
    }

    this.#tracks.settle(timeMs)
    for (const id of this.#crops.keys())
      if (!this.#tracks.all.some((track) => track.id === id)) this.#crops.delete(id)
    return this.#tracks.all
      .filter((track) => timeMs - track.lastSeenMs <= HOLD_MS)
      .flatMap((track) => this.#face(track, timeMs, scores.get(track.id) ?? 0))
  }

  /** How many faces were lost lately and are not held any more. */
  missing(timeMs: number): number {
    return this.#tracks.all.filter((track) => timeMs - track.lastSeenMs > HOLD_MS).length
  }

  /** Every face is a new one from here on: the source of frames has changed. */
  clear(): void {
    this.#tracks.clear()
    this.#crops.clear()
    this.#lookedMs = Number.NEGATIVE_INFINITY
  }

  #shouldLook(timeMs: number): boolean {
    const seen = this.#tracks.seenAt(timeMs).length
    if (seen === 0) return true
    const missing = this.#tracks.all.length > seen
    return (
      seen < this.#tracks.limit && timeMs - this.#lookedMs >= (missing ? LOOK_AGAIN_MS / 4 : LOOK_AGAIN_MS)
    )
  }

  async #read(plate: Plate, frameToCrop: Affine) {
    const pixels = await plate.crop(frameToCrop, this.#networks.meshSize)
    const { landmarks, score } = await this.#networks.mesh(pixels, invert(frameToCrop))
    if (score < 0.5) return undefined
    // The plate lends its crop until the next one: with several faces each needs its own.
    const own = { ...pixels, data: new Uint8ClampedArray(pixels.data) }
    return { landmarks, score, crop: { pixels: own, frameToCrop } }
  }

  #face(track: Track, timeMs: number, score: number): Face[] {
    const crop = this.#crops.get(track.id)
    if (!crop) return []
    return [{ id: track.id, landmarks: track.landmarks, score, crop, missingMs: timeMs - track.lastSeenMs }]
  }
}

const placeOfDetection = ({ box }: Detection) => ({
  x: box.x + box.width / 2,
  y: box.y + box.height / 2,
  size: Math.max(box.width, box.height),
})

import type { Detection } from '../../models/blazeface'
import type { Plate } from '../compositor/compositor'
import type { Crop, Face } from './face'
import type { FaceNetworks, ReadFace } from './networks'
import { smoothingSettings } from './one-euro'
import { searchWindows } from './search'
import { placeOf, type Track, Tracks } from './tracks'

/** With faces in view and a place free, how often to look for more; sooner when one was lost. */
const LOOK_AGAIN_MS = 250
const LOOK_FOR_LOST_MS = 60
/** After a miss the last landmarks are still drawn for this long. */
export const HOLD_MS = 150

export type OnStage = (stage: 'detect' | 'mesh', ms: number) => void

/** Follows up to `limit` faces: crops from the last landmarks, looks for faces only when there is a reason to. */
export class FaceTracker {
  readonly #networks: FaceNetworks
  readonly #tracks: Tracks
  readonly #crops = new Map<number, Crop>()
  #lookedMs = Number.NEGATIVE_INFINITY
  #looks = 0

  constructor(networks: FaceNetworks, limit = 4) {
    this.#networks = networks
    this.#tracks = new Tracks(limit)
  }

  /**
   * The faces in this frame, and those lost less than HOLD_MS ago where they were last. Frames come in order of time.
   * `smoothing` 0..1; `onStage` hears how long detection and mesh took.
   */
  async track(plate: Plate, timeMs: number, smoothing: number, onStage: OnStage): Promise<readonly Face[]> {
    const scores = new Map<number, number>()
    const see = (track: Track, found: ReadFace) => {
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
    await this.#follow(plate, timeMs, see, onStage)
    if (this.#shouldLook(timeMs)) await this.#look(plate, timeMs, see, onStage)
    this.#tracks.settle(timeMs)
    for (const id of this.#crops.keys()) {
      if (!this.#tracks.all.some((track) => track.id === id)) this.#crops.delete(id)
    }
    return this.#tracks.all
      .filter((track) => timeMs - track.lastSeenMs <= HOLD_MS)
      .flatMap((track) => this.#face(track, timeMs, scores.get(track.id) ?? 0))
  }

  /** How many faces were lost lately and are not held any more. */
  missing(timeMs: number): number {
    return this.#tracks.all.filter((track) => timeMs - track.lastSeenMs > HOLD_MS).length
  }

  /** Whether the face with this number is followed, or was lost so lately that it may come back. */
  remembers(id: number): boolean {
    return this.#tracks.all.some((track) => track.id === id)
  }

  /** Every face is a new one from here on: the source of frames has changed. */
  clear(): void {
    this.#tracks.clear()
    this.#crops.clear()
    this.#lookedMs = Number.NEGATIVE_INFINITY
  }

  /** Faces followed so far, in crops around where they were. */
  async #follow(
    plate: Plate,
    timeMs: number,
    see: (track: Track, found: ReadFace) => void,
    onStage: OnStage,
  ): Promise<void> {
    const start = performance.now()
    // One that stays lost is the detector's: it may come back anywhere.
    const followed = this.#tracks.all.filter((track) => timeMs - track.lastSeenMs <= HOLD_MS * 2)
    for (const track of followed) {
      const found = await this.#networks.readAgain(plate, track.landmarks)
      if (found) see(track, found)
    }
    if (followed.length > 0) onStage('mesh', performance.now() - start)
  }

  async #look(
    plate: Plate,
    timeMs: number,
    see: (track: Track, found: ReadFace) => void,
    onStage: OnStage,
  ): Promise<void> {
    const start = performance.now()
    this.#lookedMs = timeMs
    for (const detection of await this.#detect(plate, timeMs)) {
      if (this.#tracks.seenAt(timeMs).length >= this.#tracks.limit) break
      if (this.#tracks.follows(placeOfDetection(detection), timeMs)) continue
      const found = await this.#networks.readDetection(plate, detection)
      if (found) see(this.#tracks.begin(found.landmarks, timeMs), found)
    }
    onStage('detect', performance.now() - start)
  }

  /** The whole frame; while no one is in view also a part of it, each time another one, for small faces far away. */
  async #detect(plate: Plate, timeMs: number): Promise<Detection[]> {
    const [whole, ...parts] = searchWindows(plate.width, plate.height)
    if (!whole) return []
    const found = await this.#networks.detect(plate, [whole])
    const part = parts[this.#looks++ % Math.max(1, parts.length)]
    if (found.length > 0 || !part || this.#tracks.seenAt(timeMs).length > 0) return found
    return this.#networks.detect(plate, [part])
  }

  #shouldLook(timeMs: number): boolean {
    const seen = this.#tracks.seenAt(timeMs).length
    if (seen === 0) return true
    if (seen >= this.#tracks.limit) return false
    const wait = this.#tracks.all.length > seen ? LOOK_FOR_LOST_MS : LOOK_AGAIN_MS
    return timeMs - this.#lookedMs >= wait
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

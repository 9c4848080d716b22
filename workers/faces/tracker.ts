import type { Detection } from '../../models/blazeface'
import type { Plate } from '../compositor/compositor'
import { colourOf } from './appearance'
import { CloseLook, isSure, placeOfDetection } from './close-look'
import type { Crop, Face } from './face'
import type { FaceNetworks, ReadFace } from './networks'
import { smoothingSettings } from './one-euro'
import { searchWindows } from './search'
import { expectedLandmarks, placeOf, type Track, Tracks, type TracksMemory } from './tracks'

/** After a face was lost, to look again after this long at most. */
const LOOK_FOR_LOST_MS = 60
/** After a miss the last landmarks are still drawn for this long. */
export const HOLD_MS = 150

export type OnStage = (stage: 'detect' | 'mesh', ms: number) => void

export interface TrackerSettings {
  /** The most faces followed at once. */
  readonly limit: number
  /** With faces in view and a place free, how often to look for more. */
  readonly lookEveryMs: number
  /**
   * Asks the detector in every frame before faces are followed, about small faces too, and twice about new ones: see
   * close-look.ts.
   */
  readonly closely: boolean
}

/** For pictures that must not be late. */
export const LIVE_TRACKING: TrackerSettings = { limit: 4, lookEveryMs: 250, closely: false }
/** For clips, which wait. */
export const CLIP_TRACKING: TrackerSettings = { limit: 8, lookEveryMs: 0, closely: true }

/** What a FaceTracker without smoothing remembers, as plain data. */
export interface TrackerMemory {
  readonly tracks: TracksMemory
  readonly lookedMs: number
  readonly looks: number
}

/** Follows faces: crops from the last landmarks, looks for faces only when there is a reason to. */
export class FaceTracker {
  readonly #networks: FaceNetworks
  readonly #tracks: Tracks
  readonly #settings: TrackerSettings
  readonly #closeLook: CloseLook | undefined
  readonly #crops = new Map<number, Crop>()
  #lookedMs = Number.NEGATIVE_INFINITY
  #looks = 0

  constructor(networks: FaceNetworks, settings = LIVE_TRACKING) {
    this.#networks = networks
    this.#settings = settings
    this.#closeLook = settings.closely ? new CloseLook(networks) : undefined
    this.#tracks = new Tracks(settings.limit)
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
      if (this.#closeLook) track.colour = colourOf(found.crop.pixels)
      scores.set(track.id, found.score)
    }
    const before = this.#closeLook && (await this.#detect(plate, timeMs, onStage))
    await this.#follow(plate, timeMs, before, see, onStage)
    if (before || this.#shouldLook(timeMs)) {
      await this.#begin(plate, timeMs, before ?? (await this.#detect(plate, timeMs, onStage)), see, onStage)
    }
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

  /**
   * Whether the detector has found this face often enough to be trusted, or has found it again just now. Only a tracker
   * that looks closely asks it.
   */
  isSure(id: number): boolean {
    const track = this.#tracks.all.find((each) => each.id === id)
    return track !== undefined && isSure(track)
  }

  /** Every face is a new one from here on: the source of frames has changed. */
  clear(): void {
    this.#tracks.clear()
    this.#crops.clear()
    this.#lookedMs = Number.NEGATIVE_INFINITY
    this.#looks = 0
  }

  /** Without what smoothing remembers: trackers that smooth live in the present. */
  save(): TrackerMemory {
    return { tracks: this.#tracks.save(), lookedMs: this.#lookedMs, looks: this.#looks }
  }

  restore({ tracks, lookedMs, looks }: TrackerMemory): void {
    this.clear()
    this.#tracks.restore(tracks)
    this.#lookedMs = lookedMs
    this.#looks = looks
  }

  /** Faces followed so far, in crops around where they are expected. */
  async #follow(
    plate: Plate,
    timeMs: number,
    detections: readonly Detection[] | undefined,
    see: (track: Track, found: ReadFace) => void,
    onStage: OnStage,
  ): Promise<void> {
    const start = performance.now()
    // One that stays lost is the detector's: it may come back anywhere.
    const followed = this.#tracks.all.filter((track) => timeMs - track.lastSeenMs <= HOLD_MS * 2)
    const seen = new Map<Track, ReadFace>()
    for (const track of followed) {
      const found =
        this.#closeLook && detections
          ? await this.#closeLook.read(plate, track, timeMs, detections)
          : await this.#networks.readAgain(plate, expectedLandmarks(track, timeMs))
      if (found) seen.set(track, found)
    }
    const landmarks = new Map([...seen].map(([track, found]) => [track, found.landmarks]))
    for (const stray of this.#tracks.strays(landmarks, timeMs)) {
      seen.delete(stray)
      this.#tracks.lose(stray)
    }
    for (const [track, found] of seen) {
      see(track, found)
      if (this.#closeLook && !(await this.#closeLook.stands(plate, track))) this.#tracks.end(track)
    }
    if (followed.length > 0) onStage('mesh', performance.now() - start)
  }

  /** Faces that are not followed yet, or not any more. */
  async #begin(
    plate: Plate,
    timeMs: number,
    detections: readonly Detection[],
    see: (track: Track, found: ReadFace) => void,
    onStage: OnStage,
  ): Promise<void> {
    const start = performance.now()
    for (const detection of detections) {
      const seen = this.#tracks.seenAt(timeMs)
      if (seen.length >= this.#tracks.limit) break
      if (this.#tracks.follows(placeOfDetection(detection), timeMs)) continue
      if (this.#closeLook && !(await this.#closeLook.isFace(plate, detection, seen))) continue
      const found = await this.#networks.readDetection(plate, detection)
      if (!found) continue
      const colour = this.#closeLook && colourOf(found.crop.pixels)
      const track = this.#tracks.begin(found.landmarks, timeMs, colour)
      see(track, found)
      await this.#closeLook?.stands(plate, track)
    }
    onStage('detect', performance.now() - start)
  }

  /** The whole frame; while no one is in view also a part of it, each time another one, for small faces far away. */
  async #detect(plate: Plate, timeMs: number, onStage: OnStage): Promise<Detection[]> {
    const start = performance.now()
    this.#lookedMs = timeMs
    const look = this.#looks++
    const inView = this.#tracks.all.some((track) => timeMs - track.lastSeenMs <= HOLD_MS)
    const found = this.#closeLook
      ? await this.#closeLook.detect(plate, look, !inView)
      : await this.#detectQuickly(plate, look, !inView)
    onStage('detect', performance.now() - start)
    return found
  }

  async #detectQuickly(plate: Plate, look: number, nobodyInView: boolean): Promise<Detection[]> {
    const [whole, ...parts] = searchWindows(plate.width, plate.height)
    const found = whole ? await this.#networks.detect(plate, [whole]) : []
    const part = parts[look % Math.max(1, parts.length)]
    return found.length > 0 || !part || !nobodyInView ? found : this.#networks.detect(plate, [part])
  }

  #shouldLook(timeMs: number): boolean {
    const seen = this.#tracks.seenAt(timeMs).length
    if (seen === 0) return true
    if (seen >= this.#tracks.limit) return false
    const { lookEveryMs } = this.#settings
    const wait = this.#tracks.all.length > seen ? Math.min(lookEveryMs, LOOK_FOR_LOST_MS) : lookEveryMs
    return timeMs - this.#lookedMs >= wait
  }

  #face(track: Track, timeMs: number, score: number): Face[] {
    const crop = this.#crops.get(track.id)
    if (!crop) return []
    return [{ id: track.id, landmarks: track.landmarks, score, crop, missingMs: timeMs - track.lastSeenMs }]
  }
}

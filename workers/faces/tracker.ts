import { DETECTION_SETTINGS, type Detection } from '../../models/blazeface'
import type { Plate } from '../compositor/compositor'
import type { Crop, Face } from './face'
import type { FaceNetworks, ReadFace } from './networks'
import { smoothingSettings } from './one-euro'
import { searchWindows } from './search'
import { lookAgainAt, placeOfDetection } from './second-look'
import {
  expectedLandmarks,
  isWithin,
  placeOf,
  surprise,
  type Track,
  Tracks,
  type TracksMemory,
} from './tracks'

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
   * Looks for small faces too: all over the first frame, then in one part of the picture with every other look. Else only
   * while nobody is in view. And looks twice: see `isSure`.
   */
  readonly closely: boolean
}

/** For pictures that must not be late. */
export const LIVE_TRACKING: TrackerSettings = { limit: 4, lookEveryMs: 250, closely: false }
/** For clips, which wait. */
export const CLIP_TRACKING: TrackerSettings = { limit: 8, lookEveryMs: 0, closely: true }

/** Looking closely, a part of the picture is looked into with every so many looks. */
const PART_EVERY = 2
/** What the detector is this sure of in the whole picture is worth a closer look. */
const WEAK = 0.3
/** A new face must be found by the detector in so many frames; one that was not in this many is none. */
const ENOUGH_VOTES = 3
const MOST_DOUBTS = 6

/** A crop that is off its face by this share of the face's size is not the best to read it from. */
const SURPRISING = 0.12

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
  readonly #crops = new Map<number, Crop>()
  #lookedMs = Number.NEGATIVE_INFINITY
  #looks = 0

  constructor(networks: FaceNetworks, settings = LIVE_TRACKING) {
    this.#networks = networks
    this.#settings = settings
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
      scores.set(track.id, found.score)
    }
    await this.#follow(plate, timeMs, see, onStage)
    if (this.#shouldLook(timeMs)) await this.#look(plate, timeMs, see, onStage)
    if (this.#settings.closely) await this.#doubt(plate, timeMs)
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
    return track !== undefined && (track.votes >= ENOUGH_VOTES || track.agreed)
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
    const seen = new Map<Track, ReadFace>()
    for (const track of followed) {
      const found = await this.#read(plate, track, timeMs)
      if (found) seen.set(track, found)
    }
    const landmarks = new Map([...seen].map(([track, found]) => [track, found.landmarks]))
    for (const stray of this.#tracks.strays(landmarks, timeMs)) {
      seen.delete(stray)
      this.#tracks.lose(stray)
    }
    for (const [track, found] of seen) see(track, found)
    if (followed.length > 0) onStage('mesh', performance.now() - start)
  }

  /** A face where it is expected; looking closely, once more where it was found when that is elsewhere. */
  async #read(plate: Plate, track: Track, timeMs: number): Promise<ReadFace | undefined> {
    const found = await this.#networks.readAgain(plate, expectedLandmarks(track, timeMs))
    const again = this.#settings.closely && found && surprise(track, found.landmarks, timeMs) > SURPRISING
    return again ? this.#networks.readAgain(plate, found.landmarks) : found
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
      const place = placeOfDetection(detection)
      if (this.#tracks.follows(place, timeMs)) continue
      if (this.#settings.closely && !(await this.#isWorthIt(plate, detection, timeMs))) continue
      const found = await this.#networks.readDetection(plate, detection)
      if (found) see(this.#tracks.begin(found.landmarks, timeMs), found)
    }
    onStage('detect', performance.now() - start)
  }

  /** The whole frame; and a part of it, each time another one, for small faces far away. */
  async #detect(plate: Plate, timeMs: number): Promise<Detection[]> {
    const windows = searchWindows(plate.width, plate.height)
    const [whole, ...parts] = windows
    if (!whole) return []
    const look = this.#looks++
    const part = parts[look % Math.max(1, parts.length)]
    if (this.#settings.closely) {
      if (look === 0 || !part) return this.#networks.detect(plate, windows)
      const nobody = this.#tracks.seenAt(timeMs).length === 0
      return this.#networks.detect(plate, nobody || look % PART_EVERY === 0 ? [whole, part] : [whole], WEAK)
    }
    const found = await this.#networks.detect(plate, [whole])
    if (found.length > 0 || !part || this.#tracks.seenAt(timeMs).length > 0) return found
    return this.#networks.detect(plate, [part])
  }

  /** No eye or shadow within a larger face, and nothing that a closer look does not confirm. */
  async #isWorthIt(plate: Plate, detection: Detection, timeMs: number): Promise<boolean> {
    const place = placeOfDetection(detection)
    if (this.#tracks.seenAt(timeMs).some((track) => isWithin(place, track))) return false
    if (detection.score >= DETECTION_SETTINGS.minScore) return true
    return (await lookAgainAt(plate, place, this.#networks)) !== undefined
  }

  /** Asks the detector about every face it has not found often enough; ends those it keeps not finding. */
  async #doubt(plate: Plate, timeMs: number): Promise<void> {
    for (const track of this.#tracks.seenAt(timeMs)) {
      if (track.votes >= ENOUGH_VOTES) continue
      track.agreed = (await lookAgainAt(plate, track.place, this.#networks)) !== undefined
      if (track.agreed) track.votes++
      else track.doubts++
      if (track.doubts >= MOST_DOUBTS) this.#tracks.end(track)
    }
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

/**
 * The faces of a clip, frame by frame, known in hindsight: each frame is held back (its faces only, never its picture)
 * until about half a second of what follows has been seen. A face missed between two good sightings is filled in, what
 * flashes up for a frame or two is left out, and smoothing has no lag. Nothing reaches across a cut.
 */
import type { Plate } from '../compositor/compositor'
import { parseMemory } from '../storage/memory'
import type { Face, FaceAt } from './face'
import { fillGap, type HeldFrame, type Sighting, sureSightings, trackAround } from './held-frames'
import type { FaceNetworks } from './networks'
import { SceneCuts, type SceneCutsMemory } from './scene-cuts'
import { smallCrop } from './small-crop'
import { CLIP_TRACKING, FaceTracker, type OnStage, type TrackerMemory } from './tracker'
import { placeOf, REMEMBER_MS } from './tracks'
import { REACH_MS, smoothed } from './zero-lag'

/** A gap in the sightings of a face up to this long is filled; a frame is final when this much of its future is known. */
const AHEAD_MS = 500
/** Yet never with fewer frames after it, nor held back by more, however fast or slow the clip. */
const FEWEST_AHEAD = 4
const MOST_AHEAD = 24
/** A face surely seen in fewer of the frames around is none, unless the whole shot is that short. */
const FEWEST_SIGHTINGS = 3

/** All faces of one frame, final. Plain data. */
export interface FacesAt {
  readonly timeMs: number
  readonly faces: readonly Face[]
  /** How many faces were there in the last two seconds of this shot and are not in this frame. */
  readonly missing: number
  /** What will be seen of each face that is new here, as far as it is known; it begins with this frame. */
  readonly coming: ReadonlyMap<number, readonly FaceAt[]>
  /** Numbers of faces that will not come back from here on: whoever remembers something about them may forget it. */
  readonly gone: readonly number[]
}

interface LookAheadMemory {
  readonly kind: typeof MEMORY
  readonly held: readonly HeldFrame[]
  readonly handedOut: number
  readonly shot: number
  readonly shownShot: number
  readonly shownMs: ReadonlyMap<number, number>
  readonly tracker: TrackerMemory
  readonly cuts: SceneCutsMemory
}

/** To be raised with every change of what is remembered, or of what is made of it. */
const MEMORY = 'look-ahead 1'

export class LookAhead {
  readonly #tracker: FaceTracker
  readonly #smoothing: number
  readonly #cuts = new SceneCuts()
  /** In order of time: frames handed out that smoothing still looks back at, then those held back. */
  #held: HeldFrame[] = []
  #handedOut = 0 // of the held ones
  #shot = 0
  /** When each face that may come back was last in a frame handed out, and of which shot that frame was. */
  #shownShot = 0
  #shownMs = new Map<number, number>()

  /** The networks stay the caller's, and are this one's alone while it works. `smoothing` 0..1. */
  constructor(networks: FaceNetworks, smoothing: number) {
    this.#tracker = new FaceTracker(networks, CLIP_TRACKING)
    this.#smoothing = smoothing
  }

  /** Looks at the next frame of the clip; the plate stays the caller's. Gives the frames that have become final by it, in order. */
  async add(plate: Plate, timeMs: number, onStage: OnStage = () => undefined): Promise<FacesAt[]> {
    if (await this.#cuts.beginsShot(plate)) {
      this.#tracker.clear()
      this.#shot++
    }
    const faces = new Map<number, Sighting>()
    for (const face of await this.#tracker.track(plate, timeMs, 0, onStage)) {
      if (face.missingMs > 0) continue
      const { id, landmarks, score, crop } = face
      const sure = this.#tracker.isSure(id)
      faces.set(id, { landmarks, score, crop: smallCrop(crop), missingMs: 0, sure })
    }
    this.#held.push({ timeMs, shot: this.#shot, faces })
    const final: FacesAt[] = []
    while (this.#oldestIsFinal(timeMs)) final.push(this.#handOut())
    return final
  }

  /** The clip is over: gives the frames still held back, in order. */
  end(): FacesAt[] {
    const final: FacesAt[] = []
    while (this.#handedOut < this.#held.length) final.push(this.#handOut())
    return final
  }

  /** Everything that following frames depend on, as plain data that can be stored. */
  save(): unknown {
    const memory: LookAheadMemory = {
      kind: MEMORY,
      held: this.#held.map((held) => ({ ...held, faces: new Map(held.faces) })),
      handedOut: this.#handedOut,
      shot: this.#shot,
      shownShot: this.#shownShot,
      shownMs: new Map(this.#shownMs),
      tracker: this.#tracker.save(),
      cuts: this.#cuts.save(),
    }
    return memory
  }

  /**
   * Goes on as the one that saved this would have: given the same frames it gives the same faces, to the bit. Throws an
   * Error named `MemoryOutdatedError` when another version of the app saved it.
   */
  restore(memory: unknown): void {
    const saved = parseMemory<LookAheadMemory>(memory, MEMORY)
    this.#held = saved.held.map((held) => ({ ...held, faces: new Map(held.faces) }))
    this.#handedOut = saved.handedOut
    this.#shot = saved.shot
    this.#shownShot = saved.shownShot
    this.#shownMs = new Map(saved.shownMs)
    this.#tracker.restore(saved.tracker)
    this.#cuts.restore(saved.cuts)
  }

  #oldestIsFinal(nowMs: number): boolean {
    const oldest = this.#held[this.#handedOut]
    const ahead = this.#held.length - this.#handedOut - 1
    if (!oldest || ahead < FEWEST_AHEAD) return false
    return ahead >= MOST_AHEAD || nowMs - oldest.timeMs >= AHEAD_MS
  }

  #handOut(): FacesAt {
    const frame = this.#held[this.#handedOut]
    if (!frame) throw new Error('No frame is held back.')
    const shot = this.#held.filter((held) => held.shot === frame.shot)
    const at = shot.indexOf(frame)
    const least = Math.min(FEWEST_SIGHTINGS, shot.length)
    const ids = new Set(shot.flatMap(({ faces }) => [...faces.keys()]))
    const faces = [...ids]
      .filter((id) => sureSightings(shot, id) >= least)
      .sort((a, b) => a - b)
      .flatMap((id) => this.#face(shot, at, id) ?? [])
    const coming = this.#coming(shot.slice(at), faces)
    this.#handedOut++
    for (const [id, sighting] of frame.faces) frame.faces.set(id, { ...sighting, crop: undefined })
    this.#forgetOld(frame.timeMs)
    return { timeMs: frame.timeMs, faces, coming, ...this.#account(frame, faces) }
  }

  #face(shot: readonly HeldFrame[], at: number, id: number): Face | undefined {
    if (!shot[at]?.faces.has(id)) fillGap(shot, at, id, AHEAD_MS)
    const sighting = shot[at]?.faces.get(id)
    if (!sighting?.crop) return undefined
    const { score, crop, missingMs } = sighting
    const around = trackAround(shot, at, id)
    const { size } = placeOf(sighting.landmarks)
    return { id, landmarks: smoothed(around.track, around.at, size, this.#smoothing), score, crop, missingMs }
  }

  #coming(frames: readonly HeldFrame[], faces: readonly Face[]): FacesAt['coming'] {
    const arriving = faces.filter(({ id, missingMs }) => missingMs === 0 && !this.#shownMs.has(id))
    return new Map(
      arriving.map(({ id }) => {
        const seen = frames.flatMap(({ timeMs, faces: held }) => {
          const sighting = held.get(id)
          if (!sighting?.crop || sighting.missingMs > 0) return []
          const { landmarks, score, crop, missingMs } = sighting
          return [{ timeMs, face: { id, landmarks, score, crop, missingMs } }]
        })
        return [id, seen]
      }),
    )
  }

  /** Frames handed out are held no longer than smoothing looks back. */
  #forgetOld(nowMs: number): void {
    const old = this.#held.findIndex(({ timeMs }) => nowMs - timeMs <= REACH_MS)
    const surplus = Math.max(this.#handedOut - MOST_AHEAD, Math.min(old, this.#handedOut - FEWEST_SIGHTINGS))
    if (surplus <= 0) return
    this.#held.splice(0, surplus)
    this.#handedOut -= surplus
  }

  #account({ timeMs, shot }: HeldFrame, faces: readonly Face[]): Pick<FacesAt, 'missing' | 'gone'> {
    for (const { id } of faces) this.#shownMs.set(id, timeMs)
    const sameShot = shot === this.#shownShot
    const present = new Set(faces.map(({ id }) => id))
    const absent = [...this.#shownMs.keys()].filter((id) => !present.has(id))
    const gone = absent.filter((id) => !sameShot || timeMs - (this.#shownMs.get(id) ?? 0) > REMEMBER_MS)
    for (const id of gone) this.#shownMs.delete(id)
    this.#shownShot = shot
    return { missing: absent.length - gone.length, gone }
  }
}

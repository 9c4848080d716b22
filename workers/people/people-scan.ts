import type { Pixels } from '../../models/pixels'
import type { Person, Sighting } from '../clip/cast'
import type { Plate } from '../compositor/compositor'
import type { Face } from '../faces/face'
import type { FaceNetworks } from '../faces/networks'
import { SceneCuts } from '../faces/scene-cuts'
import { yawOf } from '../faces/still'
import { CLIP_TRACKING, FaceTracker } from '../faces/tracker'
import { placeOf } from '../faces/tracks'
import { clusterByEmbedding } from './cluster'
import { FollowedFace } from './stretch'
import { qualityOf, thumbnailOf } from './thumbnail'

/** Seconds between two looks at a clip; frames are not quite evenly spaced. */
const LOOK_EVERY_S = 0.2
const TOLERANCE_S = 0.001
/** A face that was seen in fewer looks is nobody, unless the clip has no more. */
const FEWEST_LOOKS = 2
/** Who was not seen in more looks than this may be somebody else when the place is taken again. */
const LONGEST_BLINK = 2
/** A new thumbnail must be this much better than the one before. */
const BETTER = 1.1
/** Who it is is asked in the first looks at a face, then every so many looks; never of small faces or ones turned away. */
const FIRST_ASKED = 3
const ASKED_EVERY = 5
const SMALLEST_ASKED = 40 // px
const MOST_TURNED = 0.7 // radians

/** The embedding of a face in a frame, see recognition.ts. */
export type Embed = (plate: Plate, landmarks: Float32Array) => Promise<Float32Array>

export interface ScannedPerson extends Person {
  readonly thumbnail: Pixels
  readonly seenS: number
}

/** Looks at a clip some times a second, and says in the end who was in it. */
export class PeopleScan {
  readonly #networks: FaceNetworks
  readonly #tracker: FaceTracker
  readonly #embed: Embed | undefined
  readonly #cuts = new SceneCuts()
  readonly #all: FollowedFace[] = []
  /** By the tracker's numbers. */
  readonly #followed = new Map<number, FollowedFace>()
  #looks = 0
  #lookedS = Number.NEGATIVE_INFINITY
  #lastS = Number.NEGATIVE_INFINITY

  /** The networks are this one's alone while it works. Without `embed` people are told apart by track. */
  constructor(networks: FaceNetworks, embed: Embed | undefined) {
    this.#networks = networks
    this.#tracker = new FaceTracker(networks, CLIP_TRACKING)
    this.#embed = embed
  }

  /**
   * Hears of every frame, in order: whether it is worth a look. A small picture of it will do. The first frame of a shot always
   * is, so that nobody is expected on the wrong side of a cut.
   */
  async isDue(small: Plate, timeS: number): Promise<boolean> {
    const begins = await this.#cuts.beginsShot(small)
    if (begins) {
      this.#tracker.clear()
      for (const face of this.#followed.values()) {
        if (face.lastLook === this.#looks - 1) face.lastUntil(this.#lastS)
      }
      this.#followed.clear()
    }
    this.#lastS = timeS
    return begins || timeS - this.#lookedS >= LOOK_EVERY_S - TOLERANCE_S
  }

  /** The plate stays the caller's. */
  async look(plate: Plate, timeS: number): Promise<void> {
    this.#lookedS = timeS
    for (const face of await this.#tracker.track(plate, timeS * 1000, 0, () => undefined)) {
      if (face.missingMs === 0) await this.#take(face, plate, timeS)
    }
    this.#looks++
  }

  /** Everybody found so far, those longest in the picture first. */
  people(): ScannedPerson[] {
    const faces = this.#all.filter((face) => face.sureLooks >= Math.min(FEWEST_LOOKS, this.#looks))
    const groups = this.#embed ? byRecognition(faces) : faces.map((face) => [face])
    return groups.flatMap((group) => personOf(group) ?? []).sort((a, b) => b.seenS - a.seenS)
  }

  async #take(face: Face, plate: Plate, timeS: number): Promise<void> {
    const before = this.#followed.get(face.id)
    const again = this.#embed && before && this.#looks - before.lastLook > LONGEST_BLINK
    let followed = before && !again ? before : this.#follow(face.id, new FollowedFace(before))
    const { x, y, size } = placeOf(face.landmarks)
    const sighting = { timeS, x: x / plate.width, y: y / plate.width, size: size / plate.width }
    followed.see({ number: this.#looks, sighting, sure: this.#tracker.isSure(face.id) })
    followed = (await this.#recognise(followed, face, plate)) ?? followed
    const quality = qualityOf(face)
    if (quality < BETTER * followed.quality) return
    followed.quality = quality
    followed.thumbnail = await thumbnailOf(face, plate)
  }

  #follow(id: number, face: FollowedFace): FollowedFace {
    this.#all.push(face)
    this.#followed.set(id, face)
    return face
  }

  /** Gives somebody else whom the tracker slid onto, if that is who this face is by now. */
  async #recognise(followed: FollowedFace, face: Face, plate: Plate): Promise<FollowedFace | undefined> {
    const looks = followed.looks.length
    if (!this.#embed || (looks > FIRST_ASKED && looks % ASKED_EVERY !== 0)) return undefined
    if (placeOf(face.landmarks).size < SMALLEST_ASKED || Math.abs(yawOf(face.landmarks)) > MOST_TURNED)
      return undefined
    // Since the last look the face may have moved far: a second reading sits better.
    const read = await this.#networks.readAgain(plate, face.landmarks)
    const other = read && followed.recognise(await this.#embed(plate, read.landmarks))
    return other && this.#follow(face.id, other)
  }
}

/** Faces nobody could be asked about go by the tracker's word. */
function byRecognition(faces: readonly FollowedFace[]): FollowedFace[][] {
  const groups = clusterByEmbedding(faces).map((group) => group.flatMap((index) => faces[index] ?? []))
  const known = groups.filter((group) => group.some(({ embedding }) => embedding))
  for (const group of groups.filter((each) => !known.includes(each))) {
    const home = known.find((each) => group.some(({ before }) => before && each.includes(before)))
    if (home) home.push(...group)
    else known.push(group)
  }
  return known
}

function personOf(faces: readonly FollowedFace[]): ScannedPerson | undefined {
  const [best] = [...faces].sort((a, b) => b.quality - a.quality)
  if (!best?.thumbnail) return undefined
  const sightings: Sighting[] = faces.flatMap((face) => face.sightings).sort((a, b) => a.timeS - b.timeS)
  return { id: crypto.randomUUID(), sightings, thumbnail: best.thumbnail, seenS: secondsOf(sightings) }
}

/** How long somebody was in the picture: from each sighting to the next, or to where the next would have been. */
const secondsOf = (sightings: readonly Sighting[]): number =>
  sightings.reduce((sum, { timeS }, i) => {
    const nextS = sightings[i + 1]?.timeS ?? Number.POSITIVE_INFINITY
    return sum + Math.min(nextS - timeS, LOOK_EVERY_S)
  }, 0)

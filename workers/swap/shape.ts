/**
 * Face proportions: how far each point must move, on a head at rest, to sit where it sits on the source's head. Only what
 * holds without expression is taken: bony parts point by point, but eyes and brows each as a whole (place, width,
 * tilt), and the lips with their thickness but not their opening. The outline stays the target's, because the background around it does.
 *
 * Indices are in range by construction, hence the casts.
 */
import { INNER_LIPS, OUTER_LIPS } from '../../models/face-regions'
import { smoothOverMesh } from './field'
import { alignHead, createPose, type HeadPose } from './head-pose'
import { type Group, POINTS, type Topology } from './topology'

/** Proportions of the frames seen so far count for about this long; by then a talking mouth has averaged out. */
const MEMORY_MS = 4000
/** How much a point's own wish counts: plain skin has nothing to show for being moved, features have. */
const SKIN_TRUST = 0.2
const GROUP_TRUST = 4
/** A group grows or shrinks by no more than this; beyond it a landmark was wrong or the expression extreme. */
const MOST_GROWTH = 1.25
/**
 * Features that would move further than this in the mean (cm) do so by only a part of what is beyond: a statue's or a drawing's
 * proportions on a real head look put on before they look like anybody.
 */
const FAR = 0.32
const BEYOND = 0.4

/** A face's landmarks turned back onto the average head: 468 × (x, y, z) cm. Fills `out`; `pose` gets the way there. */
export function atRest(
  landmarks: ArrayLike<number>,
  topology: Topology,
  pose: HeadPose,
  out: Float32Array,
): void {
  alignHead(topology.head, landmarks, topology, pose)
  const { rotation: r, scale, shift } = pose
  for (let i = 0; i < 3 * POINTS; i += 3) {
    const x = ((landmarks[i] as number) - (shift[0] as number)) / scale
    const y = ((landmarks[i + 1] as number) - (shift[1] as number)) / scale
    const z = ((landmarks[i + 2] as number) - (shift[2] as number)) / scale
    out[i] = (r[0] as number) * x + (r[3] as number) * y + (r[6] as number) * z
    out[i + 1] = (r[1] as number) * x + (r[4] as number) * y + (r[7] as number) * z
    out[i + 2] = (r[2] as number) * x + (r[5] as number) * y + (r[8] as number) * z
  }
}

/** What a Proportions remembers, as plain data. */
export interface ProportionsMemory {
  readonly pose: HeadPose
  readonly mean: Float32Array
  readonly weight: number
  readonly lastMs: number
}

/** What is remembered of a target's proportions. */
export class Proportions {
  readonly pose: HeadPose = createPose()
  /** The running mean of the head at rest. */
  readonly mean = new Float32Array(3 * POINTS)
  readonly #now = new Float32Array(3 * POINTS)
  #weight = 0
  #lastMs = Number.NEGATIVE_INFINITY

  /** Takes a frame in. Turned heads count less: their far side is a guess. */
  see(landmarks: Float32Array, timestampMs: number, topology: Topology): void {
    atRest(landmarks, topology, this.pose, this.#now)
    const frontal = Math.max(0, this.pose.rotation[8] as number) ** 4
    const elapsed = Math.min(200, Math.max(0, timestampMs - this.#lastMs))
    this.#lastMs = timestampMs
    const news = (this.#weight === 0 ? 100 : elapsed) * Math.max(0.02, frontal)
    if (news === 0) return
    this.#weight = Math.min(MEMORY_MS, this.#weight + news)
    const share = Math.min(1, news / this.#weight)
    for (let i = 0; i < 3 * POINTS; i++) {
      const mean = this.mean[i] as number
      this.mean[i] = mean + share * ((this.#now[i] as number) - mean)
    }
  }

  save(): ProportionsMemory {
    const { scale, rotation, shift } = this.pose
    const pose = { scale, rotation: rotation.slice(), shift: shift.slice() }
    return { pose, mean: this.mean.slice(), weight: this.#weight, lastMs: this.#lastMs }
  }

  restore({ pose, mean, weight, lastMs }: ProportionsMemory): void {
    this.pose.scale = pose.scale
    this.pose.rotation.set(pose.rotation)
    this.pose.shift.set(pose.shift)
    this.mean.set(mean)
    this.#weight = weight
    this.#lastMs = lastMs
  }
}

/** From one head at rest to another: 468 × (x, y, z) cm, smooth over the mesh and 0 on the outline. */
export class ShapeChange {
  readonly offsets = new Float32Array(3 * POINTS)
  readonly #wanted = new Float32Array(3 * POINTS)
  readonly #trust: Float32Array
  readonly #trustAgape: Float32Array
  readonly #topology: Topology

  constructor(topology: Topology) {
    this.#topology = topology
    this.#trust = trustOf(topology, false)
    this.#trustAgape = trustOf(topology, true)
  }

  /**
   * `agape`: the source's mouth stands wide open, so its lips and what hangs on the jaw say nothing about them at rest.
   * `rounds`: many for a jump (a new source), few to follow slow change.
   */
  follow(from: Float32Array, to: Float32Array, agape: boolean, rounds: number): void {
    const trust = agape ? this.#trustAgape : this.#trust
    const wanted = this.#wanted
    for (let i = 0; i < 3 * POINTS; i++) wanted[i] = (to[i] as number) - (from[i] as number)
    for (const group of this.#topology.brows) moveTogether(group, from, to, wanted)
    for (const group of this.#topology.eyes) moveTogether(group, from, to, wanted)
    keepOpening(wanted)
    restrain(wanted, trust)
    for (let i = 0; i < POINTS; i++) if (this.#topology.toOutline[i] === 0) wanted.fill(0, 3 * i, 3 * i + 3)
    smoothOverMesh(this.offsets, wanted, trust, 3, 0.25, rounds, this.#topology)
  }
}

/** How much a point's own wish counts against its neighbours'. The outline is held at 0 by a weight nothing can move. */
function trustOf({ head, toOutline, toLips, skin, eyes, brows }: Topology, agape: boolean): Float32Array {
  const trust = new Float32Array(POINTS)
  for (let i = 0; i < POINTS; i++) {
    const inner = Math.min(1, (toOutline[i] as number) / 2.5)
    // Cheeks and chin near the mouth go where expression takes them: they follow their neighbours.
    const still = (skin[i] as number) > 0 ? Math.min(1, (toLips[i] as number) / 2.5) : 1
    const ofJaw = agape && (head[3 * i + 1] as number) > 1.5 ? 0 : 1
    trust[i] = (toLips[i] as number) > 0 ? SKIN_TRUST * inner * inner * still * ofJaw : 0
  }
  for (const { points } of [...eyes, ...brows]) for (const i of points) trust[i] = GROUP_TRUST
  // The rows between the lips' rims follow those.
  if (!agape) for (const i of [...INNER_LIPS, ...OUTER_LIPS]) trust[i] = GROUP_TRUST
  for (let i = 0; i < POINTS; i++) if (toOutline[i] === 0) trust[i] = 1e6
  return trust
}

/** Shortens all wishes alike when those of the features are longer than FAR in the mean. */
function restrain(wanted: Float32Array, trust: Float32Array): void {
  let sum = 0
  let count = 0
  for (let i = 0; i < POINTS; i++) {
    if (trust[i] !== GROUP_TRUST) continue
    sum += Math.hypot(wanted[3 * i] as number, wanted[3 * i + 1] as number)
    count++
  }
  const mean = sum / Math.max(1, count)
  if (mean <= FAR) return
  const share = (FAR + BEYOND * (mean - FAR)) / mean
  for (let i = 0; i < wanted.length; i++) wanted[i] = (wanted[i] as number) * share
}

/**
 * The lower lip moves as the upper one does, which no jaw opens, and takes its outer rim along: thickness may change, the
 * opening not.
 */
function keepOpening(wanted: Float32Array): void {
  const count = INNER_LIPS.length // both rings start at a corner and run along the lower lip first
  for (let k = 1; k < count / 2; k++) {
    for (let d = 0; d < 3; d++) {
      const lower = 3 * (INNER_LIPS[k] as number) + d
      const upper = 3 * (INNER_LIPS[count - k] as number) + d
      const rim = 3 * (OUTER_LIPS[k] as number) + d
      wanted[rim] = (wanted[rim] as number) + (wanted[upper] as number) - (wanted[lower] as number)
      wanted[lower] = wanted[upper] as number
    }
  }
}

/** Replaces the group's wishes by those of one similarity in the picture plane: from its two ends to the source's. */
function moveTogether(
  { points, still, from: a, to: b }: Group,
  from: Float32Array,
  to: Float32Array,
  wanted: Float32Array,
): void {
  const x = (p: Float32Array, i: number) => p[3 * i] as number
  const y = (p: Float32Array, i: number) => p[3 * i + 1] as number
  const spanX = x(from, b) - x(from, a)
  const spanY = y(from, b) - y(from, a)
  const newX = x(to, b) - x(to, a)
  const newY = y(to, b) - y(to, a)
  const length = Math.hypot(spanX, spanY)
  const newLength = Math.hypot(newX, newY)
  if (length < 1e-6 || newLength < 1e-6) return
  const growth = Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, newLength / length))
  const cos = (growth * (spanX * newX + spanY * newY)) / (length * newLength)
  const sin = (growth * (spanX * newY - spanY * newX)) / (length * newLength)
  // Where the group goes is said by its stillest points, not by its ends alone.
  let moveX = 0
  let moveY = 0
  let moveZ = 0
  let fromX = 0
  let fromY = 0
  for (const i of still) {
    moveX += (wanted[3 * i] as number) / still.length
    moveY += (wanted[3 * i + 1] as number) / still.length
    moveZ += (wanted[3 * i + 2] as number) / still.length
    fromX += x(from, i) / still.length
    fromY += y(from, i) / still.length
  }
  for (const i of points) {
    const px = x(from, i) - fromX
    const py = y(from, i) - fromY
    wanted[3 * i] = moveX + cos * px - sin * py - px
    wanted[3 * i + 1] = moveY + sin * px + cos * py - py
    wanted[3 * i + 2] = moveZ
  }
}

/** Faces of the frames of one shot, in order of time: what is known about one of them from those around. */
import type { Crop } from './face'
import { between } from './fill-gap'
import { placeOf } from './tracks'
import type { Seen } from './zero-lag'

/** A face in one frame. */
export interface Sighting {
  /** As the network saw it, or filled in. */
  readonly landmarks: Float32Array
  readonly score: number
  /** 48 × 48; undefined once its frame was handed out. */
  readonly crop: Crop | undefined
  readonly missingMs: number // 0 when it was seen
  /** The detector agrees. */
  readonly sure: boolean
}

export interface HeldFrame {
  readonly timeMs: number
  /** Frames of one shot have one number. */
  readonly shot: number
  readonly faces: Map<number, Sighting>
}

/** From one frame to the next a face moved by this share of its size, and this many times as far as before and after. */
const JUMP = 0.12
const TIMES_AS_FAR = 3

/** In how many of these frames a face was surely seen. */
export const sureSightings = (frames: readonly HeldFrame[], id: number): number =>
  frames.filter(({ faces }) => faces.get(id)?.sure === true).length

/** Fills in what is missing of a face around frame `at`, when it was seen before and after within `longestMs`. */
export function fillGap(frames: readonly HeldFrame[], at: number, id: number, longestMs: number): void {
  const has = ({ faces }: HeldFrame) => faces.has(id)
  const last = frames.slice(0, at).findLastIndex(has)
  const next = at + 1 + frames.slice(at + 1).findIndex(has)
  const [from, to] = [frames[last], frames[next]]
  const back = to?.faces.get(id)
  if (!from || !to || !back || next === at || to.timeMs - from.timeMs > longestMs) return
  const before = seenIn(frames.slice(0, last + 1), id)
  const after = seenIn(frames.slice(next), id)
  const { size } = placeOf(back.landmarks)
  for (const { timeMs, faces } of frames.slice(last + 1, next)) {
    const landmarks = between(before, after, timeMs, size)
    faces.set(id, { landmarks, score: 0, crop: back.crop, missingMs: timeMs - from.timeMs, sure: false })
  }
}

const seenIn = (frames: readonly HeldFrame[], id: number): Seen[] =>
  frames.flatMap(({ timeMs, faces }) => {
    const sighting = faces.get(id)
    return sighting ? [{ timeMs, landmarks: sighting.landmarks }] : []
  })

/** The stretch around frame `at` in which a face is followed without a gap or a jump, and where in it that frame is. */
export function trackAround(
  frames: readonly HeldFrame[],
  at: number,
  id: number,
): { readonly track: readonly Seen[]; readonly at: number } {
  const has = (i: number) => frames[i]?.faces.has(id) === true
  let first = at
  let last = at
  while (has(first - 1)) first--
  while (has(last + 1)) last++
  const track = seenIn(frames.slice(first, last + 1), id)
  const steps = track.slice(1).map(({ landmarks }, i) => stepOf(track[i]?.landmarks ?? landmarks, landmarks))
  const jumps = steps.map((step, i) => {
    return step > JUMP && step > TIMES_AS_FAR * Math.max(steps[i - 1] ?? 0, steps[i + 1] ?? 0)
  })
  const here = at - first
  const start = jumps.slice(0, here).lastIndexOf(true) + 1 // step i leads from frame i to the one after
  const jumpAhead = jumps.indexOf(true, here)
  return { track: track.slice(start, jumpAhead < 0 ? undefined : jumpAhead + 1), at: here - start }
}

/** How far points are apart on average, in sizes of the face. */
function stepOf(a: Float32Array, b: Float32Array): number {
  let sum = 0
  // Indices are in range: both hold x, y, z for each point.
  for (let i = 0; i < a.length; i += 3) {
    sum += Math.hypot((b[i] as number) - (a[i] as number), (b[i + 1] as number) - (a[i + 1] as number))
  }
  return sum / (a.length / 3) / Math.max(1, placeOf(b).size)
}

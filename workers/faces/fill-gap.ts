/** Where a face was while nobody saw it, between two good sightings. */
import type { Seen } from './zero-lag'

/** Speed is measured over this long before and after the gap. */
const SPEED_MS = 130
/** What a speed may add to the straight way between the two sightings, in sizes of the face. */
const MOST_SWING = 0.5

/**
 * Landmarks at `timeMs`, between the last of `before` and the first of `after` (in order of time, each at least one): every
 * point on a cubic that leaves one sighting and meets the other with the speed seen there. In space, so heads turn as heads do.
 */
export function between(
  before: readonly Seen[],
  after: readonly Seen[],
  timeMs: number,
  size: number,
): Float32Array<ArrayBuffer> {
  const [from, to] = [before.at(-1), after[0]]
  if (!from || !to) throw new RangeError('A gap lies between two sightings.')
  const spanMs = to.timeMs - from.timeMs
  const leaving = speedOf(before, from.timeMs)
  const meeting = speedOf(after, to.timeMs)
  const t = (timeMs - from.timeMs) / spanMs
  // Hermite's basis, for what the speeds add to the straight way.
  const swingFrom = t * (1 - t) ** 2
  const swingTo = -t * t * (1 - t)
  const most = MOST_SWING * size
  const limited = (value: number) => most * Math.tanh(value / most)
  const out = new Float32Array(from.landmarks.length)
  // Indices are in range: all sightings have as many points.
  for (let i = 0; i < out.length; i++) {
    const a = from.landmarks[i] as number
    const way = (to.landmarks[i] as number) - a
    const away = leaving && limited((leaving[i] as number) * spanMs - way)
    const home = meeting && limited((meeting[i] as number) * spanMs - way)
    // With one speed unknown the way is a parabola, with none a straight line.
    out[i] = a + t * way + swingFrom * (away ?? -(home ?? 0)) + swingTo * (home ?? -(away ?? 0))
  }
  return out
}

/** px per ms of every coordinate around `atMs`, by least squares; undefined when it was seen but once there. */
function speedOf(track: readonly Seen[], atMs: number): Float32Array | undefined {
  const near = track.filter(({ timeMs }) => Math.abs(timeMs - atMs) <= SPEED_MS)
  const first = near[0]
  if (!first || near.length < 2) return undefined
  const mean = near.reduce((sum, { timeMs }) => sum + timeMs, 0) / near.length
  const spread = near.reduce((sum, { timeMs }) => sum + (timeMs - mean) ** 2, 0)
  const speed = new Float32Array(first.landmarks.length)
  for (const { timeMs, landmarks } of near) {
    const weight = (timeMs - mean) / spread
    for (let i = 0; i < speed.length; i++) speed[i] = (speed[i] as number) + weight * (landmarks[i] as number)
  }
  return speed
}

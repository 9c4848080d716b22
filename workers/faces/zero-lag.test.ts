import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { THEO } from '../demo-head/character'
import { headPose } from '../demo-head/motion'
import { seededRandom } from '../demo-head/noise'
import { createHeadRenderer, livePicture } from '../demo-head/render-head'
import { OneEuro, smoothingSettings } from './one-euro'
import { placeOf } from './tracks'
import { type Seen, smoothed } from './zero-lag'

const FRAMES = 90
const UPPER_LID = 159
const LOWER_LID = 145

let truth: Seen[] // the demo head: it talks, blinks and moves
let seen: Seen[] // the same through a network that trembles

const times = Array.from({ length: FRAMES }, (_, i) => (i * 1000) / 30)

beforeAll(() => {
  const canonical = parseCanonicalFace(readFileSync('public/models/canonical-face.bin'))
  const head = createHeadRenderer(canonical, THEO, livePicture(160, 120))
  truth = times.map((timeMs) => {
    const { landmarks } = head.render(headPose(500 + timeMs))
    return { timeMs, landmarks: landmarks.map((value) => 4 * value) } // as at 640 × 480
  })
  const random = seededRandom(5)
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  seen = truth.map(({ timeMs, landmarks }) => ({
    timeMs,
    landmarks: landmarks.map((value, i) => value + (i % 3 === 2 ? 1 : 0.45) * gauss()),
  }))
}, 60_000)

const all = (track: readonly Seen[], strength: number): Seen[] =>
  track.map(({ timeMs, landmarks }, at) => {
    return { timeMs, landmarks: smoothed(track, at, placeOf(landmarks).size, strength) }
  })

function live(track: readonly Seen[], strength: number): Seen[] {
  const filter = new OneEuro(3 * 468)
  return track.map(({ timeMs, landmarks }) => {
    const now = Float32Array.from(landmarks)
    filter.smooth(now, timeMs, placeOf(now).size, smoothingSettings(strength))
    return { timeMs, landmarks: now }
  })
}

/** How much the error shakes: mean |e(t+1) − 2e(t) + e(t−1)|, px. */
function jitter(track: readonly Seen[]): number {
  const error = (f: number, i: number) => track[f]!.landmarks[i]! - truth[f]!.landmarks[i]!
  let sum = 0
  for (let f = 1; f < FRAMES - 1; f++) {
    for (let i = 0; i < 3 * 468; i += 3) {
      const [x, y] = [i, i + 1].map((k) => error(f + 1, k) - 2 * error(f, k) + error(f - 1, k))
      sum += Math.hypot(x!, y!)
    }
  }
  return sum / 468 / (FRAMES - 2)
}

/** By how many ms the track trails the truth: the shift at which they fit best, over the points' fast motion. */
function lagMs(track: readonly Seen[]): number {
  const slow = (of: readonly Seen[], f: number, i: number) => {
    let sum = 0
    for (let k = f - 8; k <= f + 8; k++) sum += of[k]!.landmarks[i]! / 17
    return of[f]!.landmarks[i]! - sum
  }
  let best = { shift: 0, error: Number.POSITIVE_INFINITY }
  for (let shift = -2; shift <= 2; shift += 0.05) {
    const whole = Math.floor(shift)
    const part = shift - whole
    let error = 0
    for (let f = 12; f < FRAMES - 12; f++) {
      for (const i of [3, 4, 3 * 14 + 1, 3 * 152 + 1, 3 * 33, 3 * 263 + 1]) {
        const at = (1 - part) * slow(truth, f - whole, i) + part * slow(truth, f - whole - 1, i)
        error += (slow(track, f, i) - at) ** 2
      }
    }
    if (error < best.error) best = { shift, error }
  }
  return (best.shift * 1000) / 30
}

const opening = ({ landmarks }: Seen): number =>
  Math.hypot(
    landmarks[3 * UPPER_LID]! - landmarks[3 * LOWER_LID]!,
    landmarks[3 * UPPER_LID + 1]! - landmarks[3 * LOWER_LID + 1]!,
  )

describe('smoothed', () => {
  it('leaves the frame as it was seen at strength 0', () => {
    expect(smoothed(seen, 40, 240, 0)).toEqual(seen[40]!.landmarks)
  })

  it('calms what trembles, more with more strength, and more than the live filter does', () => {
    const [raw, half, most] = [jitter(seen), jitter(all(seen, 0.5)), jitter(all(seen, 1))]
    expect(half).toBeLessThan(0.5 * raw)
    expect(most).toBeLessThan(half)
    expect(half).toBeLessThan(jitter(live(seen, 0.5)))
  })

  it('has no lag, as the live filter must', () => {
    expect(Math.abs(lagMs(seen))).toBeLessThan(2)
    expect(Math.abs(lagMs(all(seen, 0.5)))).toBeLessThan(2)
    expect(Math.abs(lagMs(all(seen, 1)))).toBeLessThan(5)
    expect(lagMs(live(seen, 0.5))).toBeGreaterThan(10)
  })

  it('is the same forwards and backwards', () => {
    const turned = [...seen].reverse().map((frame) => ({ ...frame, timeMs: 3000 - frame.timeMs }))
    const there = smoothed(seen, 30, 240, 0.7)
    const back = smoothed(turned, FRAMES - 1 - 30, 240, 0.7)
    there.forEach((value, i) => {
      expect(back[i]).toBeCloseTo(value, 2)
    })
  })

  it('keeps blinks closed and mouths as wide as they were', () => {
    const closest = (track: readonly Seen[]) => Math.min(...track.map(opening))
    const smooth = all(seen, 0.5)
    expect(closest(smooth)).toBeLessThan(closest(truth) + 1)
    const gap = ({ landmarks }: Seen) => landmarks[3 * 14 + 1]! - landmarks[3 * 13 + 1]!
    const widest = (track: readonly Seen[]) => Math.max(...track.map(gap))
    expect(widest(smooth)).toBeGreaterThan(0.95 * widest(truth))
  })

  it('follows a jerk of the head that turns back at once', () => {
    const jerk = seen.map((frame, f) => {
      const off = 40 * Math.max(0, 1 - Math.abs(f - 45) / 3) // there and back within 200 ms
      return { ...frame, landmarks: frame.landmarks.map((value, i) => value + (i % 3 === 0 ? off : 0)) }
    })
    const peak = all(jerk, 0.5)[45]!.landmarks
    expect(placeOf(peak).x - placeOf(truth[45]!.landmarks).x).toBeGreaterThan(38)
  })

  it('takes frames as they come: uneven, few, or one alone', () => {
    const uneven = seen.filter((_, f) => f % 5 !== 3 && f % 7 !== 2)
    const at = 30
    const now = truth.find(({ timeMs }) => timeMs === uneven[at]!.timeMs)!
    const error = (landmarks: Float32Array) =>
      Math.sqrt(landmarks.reduce((sum, value, i) => sum + (value - now.landmarks[i]!) ** 2, 0))
    expect(error(smoothed(uneven, at, 240, 0.5))).toBeLessThan(0.8 * error(uneven[at]!.landmarks))
    for (const count of [1, 2, 3]) {
      expect(smoothed(seen.slice(0, count), 0, 240, 1)).toEqual(seen[0]!.landmarks)
    }
  })
})

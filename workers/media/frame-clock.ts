/** A clock for a file's frames: one that can tell their times, and at which they are steady if they are. */

export interface FrameClock {
  /** Ticks per second, for containers that choose. */
  readonly timescale: number
  /** The frames' times on it, seconds. */
  readonly times: readonly number[]
  /** Seconds from one frame to the next where it is the same throughout. */
  readonly frameS: number | undefined
}

/** What cameras and editors use, in frames per second. */
const RATES = [
  [24_000, 1001],
  [24, 1],
  [25, 1],
  [30_000, 1001],
  [30, 1],
  [48, 1],
  [50, 1],
  [60_000, 1001],
  [60, 1],
  [120, 1],
] as const

const TIMESCALES = [30_000, 90_000, 24_000, 60_000, 57_600]
/** Holds whole ticks of 24, 25, 30, 48, 50 and 60 frames per second, and is fine enough for any other. */
const FINEST = 240_000

/** Matroska's, and FLV's. */
const MILLISECONDS = 1000

/**
 * `resolution` is the source's own, ticks per second, and `nominalS` how long it says a frame is, if it does. Times are taken
 * over exactly. But a source that counts milliseconds cannot tell the times of 29.97 frames per second: if its frames are
 * steady but for that rounding, they are put where they were meant to be, at most a millisecond away.
 */
export function frameClock(
  times: readonly number[],
  resolution: number,
  nominalS: number | undefined,
): FrameClock {
  const frameS = steadyFrame(times, 1 / resolution, nominalS)
  if (resolution === MILLISECONDS && frameS !== undefined) {
    const rate = RATES.find(([frames, seconds]) => seconds / frames === frameS)
    if (rate) return { timescale: rate[1] === 1001 ? rate[0] : 90_000, times: placed(times, frameS), frameS }
  }
  const own = resolution > 0 && resolution <= 1e6 ? [resolution * Math.ceil(10_000 / resolution)] : []
  const timescale = [...own, ...TIMESCALES].find((ticks) => fits(times, ticks)) ?? FINEST
  return { timescale, times, frameS }
}

/** The duration of each frame, if there is an even grid that rounding to a tick makes these times of. */
function steadyFrame(
  times: readonly number[],
  tickS: number,
  nominalS: number | undefined,
): number | undefined {
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || times.length < 2) return undefined
  const mean = (last - first) / (times.length - 1)
  const usual = RATES.map(([frames, seconds]) => seconds / frames)
  const nearest = (to: number) => usual.reduce((a, b) => (Math.abs(b - to) < Math.abs(a - to) ? b : a))
  const candidates = [...(nominalS ? [nearest(nominalS)] : []), nearest(mean), mean]
  return candidates.find((frameS) => {
    const { least, most } = strays(times, frameS)
    return most - least <= Math.min(tickS, MOST_WAVER_S) + 1e-6
  })
}

/** However coarse the source's clock is: with more it is no grid. */
const MOST_WAVER_S = 0.001

function placed(times: readonly number[], frameS: number): readonly number[] {
  const { least, most } = strays(times, frameS)
  const first = (times[0] ?? 0) + (least + most) / 2
  // A clip that begins at 0 still does.
  const start = Math.abs(times[0] ?? 0) < 1e-9 ? 0 : first
  return times.map((_, i) => start + i * frameS)
}

/** How far times are from an even grid that begins with the first one. */
function strays(times: readonly number[], frameS: number): { least: number; most: number } {
  let [least, most] = [0, 0]
  const first = times[0] ?? 0
  for (const [i, time] of times.entries()) {
    const stray = time - (first + i * frameS)
    least = Math.min(least, stray)
    most = Math.max(most, stray)
  }
  return { least, most }
}

/** Whether all times are whole ticks. */
const fits = (times: readonly number[], ticks: number): boolean =>
  times.every((time) => Math.abs(time * ticks - Math.round(time * ticks)) < 1e-3)

import { expect, test } from 'vitest'
import { type Channels, SoundLine } from './sound-line'

const RATE = 48_000
const PIECE = 480 // 10 ms

/** A sine of 440 Hz as a microphone with this clock error hears it from `fromS` on. */
function* microphone(fromS: number, toS: number, error = 0) {
  let heard = 0
  for (let timeS = fromS; timeS < toS; timeS = fromS + (heard / RATE) * (1 + error)) {
    const piece = new Float32Array(PIECE)
    for (let i = 0; i < PIECE; i++) {
      const atS = fromS + ((heard + i) / RATE) * (1 + error)
      piece[i] = Math.sin(2 * Math.PI * 440 * atS)
    }
    heard += PIECE
    yield { piece: { channels: [piece], sampleRate: RATE }, timeS }
  }
}

/** All of a line, joined. */
class Joined {
  readonly pieces: Float32Array[] = []
  add(channels: Channels | undefined): void {
    const piece = channels?.[0]
    if (piece) this.pieces.push(piece)
  }
  all(): Float32Array {
    const all = new Float32Array(this.pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of this.pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }
}

/** How late the sine is around a moment, seconds (at most half a period). */
function lag(samples: Float32Array, aroundS: number): number {
  let sin = 0
  let cos = 0
  for (let i = Math.round((aroundS - 0.05) * RATE); i < (aroundS + 0.05) * RATE; i++) {
    const phase = (2 * Math.PI * 440 * i) / RATE
    sin += samples[i]! * Math.sin(phase)
    cos += samples[i]! * Math.cos(phase)
  }
  return -Math.atan2(cos, sin) / (2 * Math.PI * 440)
}

test('a good clock passes through untouched, from the first moment of the picture on', () => {
  const line = new SoundLine(RATE, 1)
  const joined = new Joined()
  // The microphone was open 35 ms before the picture.
  for (const { piece, timeS } of microphone(-0.035, 3)) joined.add(line.add(piece, timeS))
  const all = joined.all()
  expect(line.endS).toBeCloseTo(all.length / RATE, 9)
  expect(line.endS).toBeGreaterThan(2.99)
  for (const i of [0, 1, 500, 100_000])
    expect(all[i]).toBeCloseTo(Math.sin((2 * Math.PI * 440 * i) / RATE), 3)
})

test.each([200e-6, -200e-6])(
  'a clock that is off by %d stays in step for ten minutes, without a click',
  (error) => {
    const line = new SoundLine(RATE, 1)
    let worst = 0
    let click = 0
    let last = 0
    for (const { piece, timeS } of microphone(0, 600, error)) {
      // Time stamps are never exact.
      const heardS = timeS + 0.0007 * Math.sin(timeS * 50)
      const out = line.add(piece, heardS)[0]!
      if (timeS > 1) {
        worst = Math.max(worst, Math.abs(line.endS - timeS - PIECE / RATE))
        for (const sample of out) {
          click = Math.max(click, Math.abs(sample - last))
          last = sample
        }
      }
      last = out.at(-1)!
    }
    expect(worst).toBeLessThan(0.007)
    expect(click).toBeLessThan((2 * Math.PI * 440 * 1.01) / RATE) // the sine's own steepest step
  },
)

test('what is missing becomes silence, what follows is in its place', () => {
  const line = new SoundLine(RATE, 1)
  const joined = new Joined()
  for (const { piece, timeS } of microphone(0, 1)) joined.add(line.add(piece, timeS))
  for (const { piece, timeS } of microphone(1.5, 2)) joined.add(line.add(piece, timeS))
  const all = joined.all()
  expect(all.slice(1.02 * RATE, 1.49 * RATE).every((sample) => sample === 0)).toBe(true)
  expect(Math.abs(lag(all, 0.5))).toBeLessThan(1e-4)
  expect(Math.abs(lag(all, 1.8))).toBeLessThan(1e-4)
})

test('a line that waits for nobody: silence is laid, and sound that comes later does not shift what follows', () => {
  const line = new SoundLine(RATE, 1)
  const joined = new Joined()
  joined.add(line.silenceTo(1))
  expect(line.silenceTo(0.5)).toBeUndefined()
  for (const { piece, timeS } of microphone(0.4, 2)) joined.add(line.add(piece, timeS))
  const all = joined.all()
  expect(all.slice(0, RATE).every((sample) => sample === 0)).toBe(true)
  expect(Math.abs(lag(all, 1.5))).toBeLessThan(1e-4)
  expect(line.endS).toBeCloseTo(2, 1)
})

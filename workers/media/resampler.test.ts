import { expect, it } from 'vitest'
import { Resampler } from './resampler'

const RATES = [
  [44_100, 48_000],
  [48_000, 44_100],
  [96_000, 48_000],
  [22_050, 48_000],
  [8_000, 48_000],
  [11_025, 16_000],
] as const

/** In pieces of uneven length. */
function resample(input: Float32Array, fromRate: number, toRate: number): Float32Array {
  const resampler = new Resampler(fromRate, toRate)
  const output: number[] = []
  for (let at = 0, length = 1; at < input.length; at += length, length = (length * 7) % 1999)
    output.push(...resampler.add(input.subarray(at, at + length)))
  output.push(...resampler.end())
  return Float32Array.from(output)
}

const tone = (frequency: number, rate: number, frames: number) =>
  Float32Array.from({ length: frames }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate))

it.each(RATES)('a tone at %i Hz is the same tone at the same moments at %i Hz', (from, to) => {
  const frequency = 0.3 * Math.min(from, to)
  const heard = resample(tone(frequency, from, from / 2), from, to)
  expect(Math.abs(heard.length - to / 2)).toBeLessThanOrEqual(1)
  const wanted = tone(frequency, to, heard.length)
  const margin = Math.ceil(to / 200) // it begins and ends at once there, which no band-limited sound does
  for (let i = margin; i < heard.length - margin; i++)
    expect(Math.abs(heard[i]! - wanted[i]!)).toBeLessThan(0.002)
})

it('keeps out what the lower rate cannot tell', () => {
  const heard = resample(tone(30_000, 96_000, 48_000), 96_000, 48_000)
  const loudest = heard.slice(500, -500).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(loudest).toBeLessThan(0.001)
})

it('comes out the same however the sound is cut up', () => {
  const sound = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * i * 1e-4))
  const whole = new Resampler(44_100, 48_000)
  const once = Float32Array.from([...whole.add(sound), ...whole.end()])
  expect(resample(sound, 44_100, 48_000)).toEqual(once)
})

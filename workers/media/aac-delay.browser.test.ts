import { expect, it } from 'vitest'
import { loadAacEncoder } from './aac'
import { aacDelay, measureAacDelay } from './aac-delay'

it.each([
  [48_000, 2],
  [44_100, 1],
])('what is measured of an encoder is what is known of it: %i Hz, %i channels', async (rate, channels) => {
  const encoder = await loadAacEncoder()
  expect(await measureAacDelay(rate, channels)).toBe(await aacDelay(encoder, rate, channels))
  if (encoder === 'ffmpeg') expect(await aacDelay(encoder, rate, channels)).toBe(1024)
})

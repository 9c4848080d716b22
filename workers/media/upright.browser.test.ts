/** How the frames of clips look: turned, in the right colours, tone-mapped. */
import { expect, inject, test } from 'vitest'
import { made, meanDifference, numberOf, open, pixelsOf, signal } from '../../tests/media/read-clip'

const clips = inject('clips')

test.runIf(clips.rotated)('a turned picture is the same picture', async () => {
  using upright = await open('mp4')
  using turned = await open('rotated')
  const a = await pixelsOf(await upright.frameAt(1, signal()))
  const b = await pixelsOf(await turned.frameAt(1, signal()))
  expect([b.width, b.height]).toEqual([a.width, a.height])
  expect(meanDifference(a, b)).toBeLessThan(4)
})

test.runIf(clips.tagged)('colours that nothing is said about are those of standard definition', async () => {
  using tagged = await open('tagged') // as BT.601
  using untagged = await open('untagged')
  const a = await pixelsOf(await tagged.frameAt(0.5, signal()))
  const b = await pixelsOf(await untagged.frameAt(0.5, signal()))
  expect(meanDifference(a, b)).toBeLessThan(0.02)
})

test.for(made('rotated', 'pq'))('two passes through %s do not disturb each other', async (name) => {
  using reader = await open(name)
  const passes = [0, 1, 2].map(() => reader.frames(reader.info.fromS, 0.4, signal()))
  const seen = await Promise.all(
    passes.map(async (frames) => {
      const numbers: number[] = []
      for await (const frame of frames) numbers.push(await numberOf(frame))
      return numbers
    }),
  )
  for (const numbers of seen) expect(numbers).toEqual(numbers.map((_, i) => i))
})

test.for(made('pq', 'hlg'))('%s looks like the picture it was made of', async (name) => {
  using sdr = await open('mp4')
  using hdr = await open(name)
  expect(hdr.info.video.hdr).toBe(name === 'pq' ? 'PQ' : 'HLG')
  const a = await pixelsOf(await sdr.frameAt(1, signal()))
  const b = await pixelsOf(await hdr.frameAt(1, signal()))
  expect(meanDifference(a, b)).toBeLessThan(18)
})

/** Estimates against what comes out. */
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { scratchFile } from '../../tests/media/talking-head'
import type { ClipReader } from '../media/clip-reader'
import { finishGif, scaledPixels } from '../media/gif'
import { openClip } from '../media/open-clip'
import { openPictureSegment } from '../media/picture-segment'
import { finishPngZip } from '../media/png-zip'
import type { OutputFormat } from './clip-job'
import { estimateBytes } from './estimate'
import { wantedFrames } from './frame-choice'

const signal = new AbortController().signal
const onProgress = () => undefined

let reader: ClipReader
beforeEach(async () => {
  const file = await (await fetch(`/@fs${inject('clips').mp4!.path}`)).blob()
  reader = await openClip(file, 'clip.mp4', { onProgress, signal })
})
afterEach(() => reader[Symbol.dispose]())

/** As a job writes it, but for the swap. */
async function written(output: OutputFormat): Promise<number> {
  await using segment = await scratchFile('estimate-segment')
  await using result = await scratchFile('estimate-result')
  {
    await using writer = await openPictureSegment(segment.handle)
    for (const { timeS, durationS } of wantedFrames(await reader.schedule(undefined, signal), { output })) {
      const { frame } = await reader.frameAt(timeS, signal)
      await writer.add(scaledPixels(frame, 320, 240, 320), timeS, durationS)
      frame.close()
    }
    await writer.finish()
  }
  const shared = { segments: [await segment.handle.getFile()], to: result.handle, onProgress, signal }
  if (output.kind === 'gif') await finishGif({ ...shared, width: output.width })
  else await finishPngZip(shared)
  return (await result.handle.getFile()).size
}

it.each([
  { kind: 'gif', width: 320, fps: 15 },
  { kind: 'gif', width: 160, fps: 5 },
  { kind: 'png' },
] satisfies OutputFormat[])('is near what is written: %o', async (output) => {
  const estimate = await estimateBytes(reader, output, undefined, signal)
  const bytes = await written(output)
  expect(estimate / bytes).toBeGreaterThan(0.7)
  expect(estimate / bytes).toBeLessThan(1.4)
})

it('of a video follows from its bitrate and its sound, and of a part from its length', async () => {
  const output = { kind: 'mp4', quality: 'medium' } as const
  const whole = await estimateBytes(reader, output, undefined, signal)
  const half = await estimateBytes(reader, output, { fromS: 0.5, toS: 0.5 + 2.5025 / 2 }, signal)
  expect(half / whole).toBeCloseTo(0.5, 2)
  const better = await estimateBytes(reader, { ...output, quality: 'high' }, undefined, signal)
  expect(better).toBeGreaterThan(whole)
})

it('refuses a GIF that would be too long', async () => {
  const schedule = async () => [{ timeS: 0, durationS: 61 }]
  const long: ClipReader = Object.create(reader, { schedule: { value: schedule } })
  const estimate = estimateBytes(long, { kind: 'gif', width: 320, fps: 10 }, undefined, signal)
  await expect(estimate).rejects.toMatchObject({ name: 'GifTooLongError' })
})

import { expect, inject, test } from 'vitest'
import { createPixels } from '../../models/pixels'
import type { ClipName } from '../../tests/media/clip-recipes'
import { readFrameNumber } from '../../tests/media/frame-number'
import type { ClipFrame, ClipReader } from './clip-reader'
import { openClip } from './open-clip'

const clips = inject('clips')
const signal = () => new AbortController().signal

async function fetchClip(name: ClipName): Promise<Blob> {
  const response = await fetch(`/@fs${clips[name]!.path}`)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.blob()
}

const open = async (name: ClipName): Promise<ClipReader> =>
  openClip(await fetchClip(name), `${name}.mp4`, { onProgress: () => undefined, signal: signal() })

/** The number in the picture; closes the frame. */
async function numberOf({ frame }: ClipFrame): Promise<number> {
  const { displayWidth, displayHeight } = frame
  const pixels = createPixels(displayWidth, displayHeight)
  await frame.copyTo(pixels.data, { format: 'RGBX' })
  frame.close()
  return readFrameNumber(pixels)
}

const EXACT: readonly ClipName[] = [
  'mp4',
  'bframes',
  'vfr',
  'mov',
  'webm',
  'mkv',
  'vp8',
  'fragmented',
  'transport',
  'offset',
  'late',
  'silent',
  'longAudio',
  'twoTracks',
]

for (const name of EXACT.filter((name) => clips[name])) {
  test(`every frame of ${name} comes at its own time`, async () => {
    const { times, first } = clips[name]!
    using reader = await open(name)
    const schedule = await reader.schedule(undefined, signal())
    expect(schedule.map(({ timeS }) => timeS)).toEqual(times.map((time) => expect.closeTo(time, 2)))
    const seen: number[] = []
    const at: number[] = []
    for await (const frame of reader.frames(reader.info.fromS, reader.info.toS, signal())) {
      expect(frame.frame.timestamp).toBe(Math.round(frame.timeS * 1e6))
      at.push(frame.timeS)
      seen.push(await numberOf(frame))
    }
    expect(at).toEqual(schedule.map(({ timeS }) => timeS))
    expect(seen).toEqual(times.map((_, i) => first + i))
  })
}

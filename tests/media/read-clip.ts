/** Clips as tests read them, in the browser. */
import { expect, inject } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import type { ClipFrame, ClipReader } from '../../workers/media/clip-reader'
import { openClip } from '../../workers/media/open-clip'
import type { ClipName } from './clip-recipes'
import { readFrameNumber } from './frame-number'

const clips = inject('clips')

/** Those that could be made on this machine. */
export const made = (...names: readonly ClipName[]): readonly ClipName[] =>
  names.filter((name) => clips[name])

/** Never aborts. */
export const signal = (): AbortSignal => new AbortController().signal

export async function fetchClip(name: ClipName): Promise<Blob> {
  const response = await fetch(`/@fs${clips[name]!.path}`)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.blob()
}

/** Under a name that tells nothing. */
export const open = async (
  name: ClipName,
  onProgress = (_done: number): void => undefined,
): Promise<ClipReader> => openClip(await fetchClip(name), 'a clip.mp4', { onProgress, signal: signal() })

/** As displayed; closes the frame. */
export async function pixelsOf({ frame }: ClipFrame): Promise<Pixels> {
  const pixels = createPixels(frame.displayWidth, frame.displayHeight)
  await frame.copyTo(pixels.data, { format: 'RGBX' })
  frame.close()
  return pixels
}

export const numberOf = async (frame: ClipFrame): Promise<number> => readFrameNumber(await pixelsOf(frame))

export interface Seen {
  readonly times: readonly number[]
  readonly numbers: readonly number[]
  /** Indices of those that stand in for damaged ones. */
  readonly standIns: readonly number[]
}

/** Reads a part in order; all of it unless told. */
export async function watch(
  reader: ClipReader,
  fromS = reader.info.fromS,
  toS = reader.info.toS,
): Promise<Seen> {
  const seen = { times: [] as number[], numbers: [] as number[], standIns: [] as number[] }
  for await (const frame of reader.frames(fromS, toS, signal())) {
    expect(frame.frame.timestamp).toBe(Math.round(frame.timeS * 1e6))
    expect(frame.frame.duration).toBe(Math.round(frame.durationS * 1e6))
    if (frame.isStandIn) seen.standIns.push(seen.times.length)
    seen.times.push(frame.timeS)
    seen.numbers.push(await numberOf(frame))
  }
  return seen
}

/** When its frames are shown, seconds. */
export const timesOf = async (reader: ClipReader): Promise<number[]> =>
  (await reader.schedule(undefined, signal())).map(({ timeS }) => timeS)

/** What `times` may be compared with. */
export const near = (times: readonly number[], digits = 6) =>
  times.map((time) => expect.closeTo(time, digits))

/** Per channel, 0..255. */
export function meanDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length
}

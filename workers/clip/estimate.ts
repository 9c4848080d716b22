import type { InputAudioTrack } from 'mediabunny'
import type { Pixels } from '../../models/pixels'
import type { ClipReader } from '../media/clip-reader'
import { gifTimes, refuseLongGif, scaledPixels, spread } from '../media/gif'
import { paletteOf } from '../media/gif-palette'
import { GifStream } from '../media/gif-stream'
import { bitrateOf } from '../media/video-encoding'
import type { OutputFormat, Span } from './clip-job'
import { wantedFrames } from './frame-choice'

/** Places in the clip that are looked at: single frames for PNGs, runs of some frames for a GIF. */
const PLACES = 6
const RUNS = 4
const RUN = 6
/** Enough of a sound track to know its mean bitrate, packets. */
const AUDIO_PACKETS = 200
const ZIP_BYTES_PER_FILE = 200 // headers, twice
const PROVENANCE_BYTES = 600

/**
 * About how many bytes an export of this part will have. Frames are taken as they were filmed: a swapped face changes little
 * about that. Rejects with a named Error when the export is not possible at all.
 */
export async function estimateBytes(
  reader: ClipReader,
  output: OutputFormat,
  span: Span | undefined,
  signal: AbortSignal,
): Promise<number> {
  const { info, audioTrack } = reader
  if (output.kind === 'gif') return estimateGif(reader, output, span, signal)
  if (output.kind === 'png') return estimatePngs(reader, span, signal)
  const { width, height, fps } = info.video
  const durationS = span ? span.toS - span.fromS : info.toS - info.fromS
  const sound = audioTrack ? await audioBitrate(audioTrack) : 0
  return ((bitrateOf(output, width, height, fps) + sound) / 8) * durationS
}

async function audioBitrate(track: InputAudioTrack): Promise<number> {
  return (await track.computePacketStats(AUDIO_PACKETS)).averageBitrate
}

/**
 * From short runs: the first picture of each is written whole, the next ones as what has changed. The first change after a
 * whole picture is smaller than those to come, for nothing has crept up yet.
 */
async function estimateGif(
  reader: ClipReader,
  output: Extract<OutputFormat, { kind: 'gif' }>,
  span: Span | undefined,
  signal: AbortSignal,
): Promise<number> {
  const schedule = await reader.schedule(span, signal)
  const [first, last] = [schedule[0], schedule.at(-1)]
  if (!first || !last) return 0
  refuseLongGif(last.timeS + last.durationS - first.timeS)
  const times = gifTimes(wantedFrames(schedule, { output })).map(({ picture }) => picture.timeS)
  const starts = spread([...Array(Math.max(1, times.length - RUN)).keys()], RUNS)
  const runs: Pixels[][] = []
  for (const start of starts)
    runs.push(await readRun(reader, times.slice(start, start + RUN), output.width, signal))
  const palette = paletteOf(runs.flatMap((run) => run.slice(0, 1)))
  const wholes: number[] = []
  const changes: number[] = []
  let head = 0
  for (const [one, ...next] of runs) {
    if (!one) continue
    signal.throwIfAborted()
    const stream = new GifStream(one.width, one.height, palette)
    head = stream.head().length
    wholes.push(stream.add(one, 2).length)
    const lengths = next.map((pixels) => stream.add(pixels, 2).length)
    changes.push(...(lengths.length > 1 ? lengths.slice(1) : lengths))
  }
  return Math.round(head + mean(wholes) + mean(changes) * (times.length - 1))
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** The frames shown at these moments, which lie close together. */
async function readRun(
  reader: ClipReader,
  times: readonly number[],
  maxWidth: number,
  signal: AbortSignal,
): Promise<Pixels[]> {
  const [fromS, toS] = [times[0], times.at(-1)]
  if (fromS === undefined || toS === undefined) return []
  const pixels: Pixels[] = []
  for await (const { frame, timeS } of reader.frames(fromS, toS + 0.001, signal)) {
    if (times.includes(timeS))
      pixels.push(scaledPixels(frame, frame.displayWidth, frame.displayHeight, maxWidth))
    frame.close()
  }
  return pixels
}

async function estimatePngs(
  reader: ClipReader,
  span: Span | undefined,
  signal: AbortSignal,
): Promise<number> {
  const schedule = await reader.schedule(span, signal)
  const sizes: number[] = []
  for (const { timeS } of spread(schedule, PLACES)) {
    const [picture] = await readRun(reader, [timeS], Number.POSITIVE_INFINITY, signal)
    if (picture) sizes.push(await pngBytes(picture))
  }
  return Math.round((mean(sizes) + ZIP_BYTES_PER_FILE + PROVENANCE_BYTES) * schedule.length)
}

async function pngBytes({ width, height, data }: Pixels): Promise<number> {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d', { alpha: false })?.putImageData(new ImageData(data, width, height), 0, 0)
  return (await canvas.convertToBlob({ type: 'image/png' })).size
}

import type { InputAudioTrack } from 'mediabunny'
import type { Pixels } from '../../models/pixels'
import type { ClipReader } from '../media/clip-reader'
import { gifTimes, refuseLongGif, scaledPixels, spread } from '../media/gif'
import { paletteOf } from '../media/gif-palette'
import { GifStream } from '../media/gif-stream'
import { bitrateOf } from '../media/video-encoding'
import type { OutputFormat, Span } from './clip-job'
import { wantedFrames } from './frame-choice'

/** Places in the clip that are looked at. */
const PLACES = 6
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

/** From pairs of neighbours: the first one whole, the second one as what has changed. */
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
  const times = gifTimes(wantedFrames(schedule, { output }))
  const pairs: [Pixels, Pixels][] = []
  for (const place of spread([...times.keys()], PLACES)) {
    const one = times[Math.max(0, Math.min(place, times.length - 2))]
    const next = times[Math.min(place + 1, times.length - 1)]
    if (!one || !next) continue
    const pixelsAt = (timeS: number) => readPixels(reader, timeS, output.width, signal)
    pairs.push([await pixelsAt(one.picture.timeS), await pixelsAt(next.picture.timeS)])
  }
  const palette = paletteOf(pairs.map(([one]) => one))
  let [head, whole, changes] = [0, 0, 0]
  for (const [one, next] of pairs) {
    signal.throwIfAborted()
    const stream = new GifStream(one.width, one.height, palette)
    head = stream.head().length
    whole += stream.add(one, 2).length / pairs.length
    changes += stream.add(next, 2).length / pairs.length
  }
  return Math.round(head + whole + changes * (times.length - 1))
}

async function estimatePngs(
  reader: ClipReader,
  span: Span | undefined,
  signal: AbortSignal,
): Promise<number> {
  const schedule = await reader.schedule(span, signal)
  const places = spread(schedule, PLACES)
  let mean = 0
  for (const { timeS } of places) {
    const { width, height, data } = await readPixels(reader, timeS, Number.POSITIVE_INFINITY, signal)
    const canvas = new OffscreenCanvas(width, height)
    canvas.getContext('2d', { alpha: false })?.putImageData(new ImageData(data, width, height), 0, 0)
    mean += (await canvas.convertToBlob({ type: 'image/png' })).size / places.length
  }
  return Math.round((mean + ZIP_BYTES_PER_FILE + PROVENANCE_BYTES) * schedule.length)
}

async function readPixels(
  reader: ClipReader,
  timeS: number,
  maxWidth: number,
  signal: AbortSignal,
): Promise<Pixels> {
  const { frame } = await reader.frameAt(timeS, signal)
  try {
    return scaledPixels(frame, frame.displayWidth, frame.displayHeight, maxWidth)
  } finally {
    frame.close()
  }
}

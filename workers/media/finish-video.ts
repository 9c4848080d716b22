import { EncodedPacketSink, EncodedVideoPacketSource, type InputVideoTrack } from 'mediabunny'
import type { Span } from '../clip/clip-job'
import { openAudioFeed } from './audio-feed'
import type { ClipReader } from './clip-reader'
import { openFileWriter } from './file-writer'
import { type FrameClock, frameClock } from './frame-clock'
import { joinedPackets } from './joined-packets'
import { resultFile } from './result-file'
import type { Moment } from './schedule'
import type { VideoOutput } from './video-encoding'

export interface FinishVideo {
  /** By `openVideoSegment` with this very output, in order; together they hold the schedule's frames. */
  readonly segments: readonly Blob[]
  /** `reader.schedule(span)` */
  readonly schedule: readonly Moment[]
  readonly reader: ClipReader
  /** The part that was kept: the result's first frame is at 0 then. Without one it keeps the clip's own times. */
  readonly span: Span | undefined
  readonly output: VideoOutput
  /** Written anew. It is whole when the promise resolves, and empty or gone when it rejects. */
  readonly to: FileSystemFileHandle
  /** 0..1 */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Joins the segments to the finished file, without encoding a frame again, and gives it the source's sound and the statement
 * of where it comes from. Only a few packets are in memory at any time. The warnings are names from words/errors.ts.
 */
export async function finishVideo(job: FinishVideo): Promise<{ warnings: string[] }> {
  const { segments, schedule, reader, span, output: how, onProgress, signal } = job
  const warnings = new Set<string>()
  const originS = span ? (schedule[0]?.timeS ?? span.fromS) : await zeroOf(reader, schedule)
  const last = schedule.at(-1)
  const pictureEndS = last ? last.timeS + last.durationS : originS
  const soundEndS = reader.info.audio?.toS ?? Number.POSITIVE_INFINITY
  const endS = span ? Math.min(pictureEndS, soundEndS) : soundEndS
  const part = { kind: how.kind, originS, endS, whole: !span }
  const clock = await clockOf(schedule, originS, reader.videoTrack)
  const onWarning = (name: string) => warnings.add(name)
  using sound = await openAudioFeed(reader, part, onWarning, () => onProgress(0), signal)

  const file = await openFileWriter(job.to)
  const result = resultFile(how.kind, file, clock, schedule.length)
  try {
    const { output } = result
    const video = new EncodedVideoPacketSource(how.codec)
    output.addVideoTrack(video, result.videoTrack)
    if (sound) output.addAudioTrack(sound.source, { ...sound.metadata, ...result.audioTrack })
    await output.start()

    const times = how.kind === 'mp4' ? clock.times : timesOf(schedule, originS)
    const moments = momentsOn(times, schedule, clock.frameS)
    const hearing = sound?.run()
    let heardS = Number.NEGATIVE_INFINITY
    let done = 0
    for await (const { packet, decoderConfig } of joinedPackets(segments, moments)) {
      signal.throwIfAborted()
      // Sound and picture side by side in the file, so that players need not jump about.
      while (hearing && heardS < packet.timestamp) heardS = await next(hearing)
      await video.add(packet, { decoderConfig })
      onProgress(++done / schedule.length)
    }
    while (hearing && heardS < Number.POSITIVE_INFINITY) {
      heardS = await next(hearing)
      onProgress(1)
    }
    await output.finalize()
    await result.complete(sound?.codecDelayS() ?? 0)
    await file.close()
    return { warnings: [...warnings] }
  } catch (error) {
    await result.output.cancel().catch(() => {}) // its file may be what failed
    await file.abandon()
    throw error
  }
}

async function next(hearing: AsyncGenerator<number, void, void>): Promise<number> {
  const { value } = await hearing.next()
  return value ?? Number.POSITIVE_INFINITY
}

const timesOf = (schedule: readonly Moment[], originS: number): number[] =>
  schedule.map(({ timeS }) => timeS - originS)

async function clockOf(
  schedule: readonly Moment[],
  originS: number,
  track: InputVideoTrack,
): Promise<FrameClock> {
  const first = await new EncodedPacketSink(track).getFirstPacket({ metadataOnly: true })
  return frameClock(timesOf(schedule, originS), await track.getTimeResolution(), first?.duration)
}

/** Each frame lasts until the next; the last one of a steady clip as long as the others, if it is not to stand still. */
const momentsOn = (
  times: readonly number[],
  schedule: readonly Moment[],
  frameS: number | undefined,
): Moment[] =>
  times.map((timeS, i) => {
    const nextS = times[i + 1]
    if (nextS !== undefined) return { timeS, durationS: nextS - timeS }
    const lastS = schedule[i]?.durationS ?? 0
    return { timeS, durationS: frameS !== undefined && lastS < 2.5 * frameS ? frameS : lastS }
  })

/** A clip that begins later than this at its own time was cut out of something longer. */
const LATEST_START_S = 10

/**
 * What becomes 0 of a whole clip. Its own zero; but transport streams begin at any time of the day, and nobody wants to wait
 * for that: they begin with their first frame or sound.
 */
async function zeroOf(reader: ClipReader, schedule: readonly Moment[]): Promise<number> {
  const pictureS = schedule[0]?.timeS ?? 0
  const soundS = (await reader.audioTrack?.getFirstTimestamp()) ?? pictureS
  const earliestS = Math.min(pictureS, soundS)
  return reader.info.container === 'MPEG-TS' || earliestS > LATEST_START_S ? earliestS : 0
}

import { EncodedVideoPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } from 'mediabunny'
import type { Span } from '../clip/clip-job'
import type { ClipReader } from './clip-reader'
import { fileTarget, openFileWriter } from './file-writer'
import { joinedPackets } from './joined-packets'
import type { Moment } from './schedule'
import type { VideoOutput } from './video-encoding'

export interface FinishVideo {
  /** By `openVideoSegment` with this very output, in order; together they hold the schedule's frames. */
  readonly segments: readonly Blob[]
  /** `reader.schedule(span)` */
  readonly schedule: readonly Moment[]
  readonly reader: ClipReader
  /** The part that was kept; the result begins at 0 then. Without one it keeps the clip's own times. */
  readonly span: Span | undefined
  readonly output: VideoOutput
  /** Written anew. It is whole when the promise resolves, and empty or gone when it rejects. */
  readonly to: FileSystemFileHandle
  /** 0..1 */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Joins the segments to the finished file, without encoding a frame again. Only a few packets are in memory at any time.
 */
export async function finishVideo(job: FinishVideo): Promise<{ warnings: string[] }> {
  const { segments, schedule, span, output: how, onProgress, signal } = job
  const writer = await openFileWriter(job.to)
  let output: Output | undefined
  try {
    const format = how.kind === 'mp4' ? new Mp4OutputFormat({ fastStart: 'reserve' }) : new WebMOutputFormat()
    output = new Output({ format, target: fileTarget(writer) })
    const video = new EncodedVideoPacketSource(how.codec)
    output.addVideoTrack(
      video,
      how.kind === 'mp4' ? { maximumPacketCount: schedule.length, frameRate: 90_000 } : {},
    )
    await output.start()
    let done = 0
    for await (const { packet, decoderConfig } of joinedPackets(segments, schedule, span?.fromS ?? 0)) {
      signal.throwIfAborted()
      await video.add(packet, { decoderConfig })
      onProgress(++done / schedule.length)
    }
    await output.finalize()
    await writer.close()
    return { warnings: [] }
  } catch (error) {
    await output?.cancel().catch(() => {})
    await writer.abandon()
    throw error
  }
}

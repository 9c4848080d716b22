/** Writes clips as the job thread does, in a thread, so that files are written in place. For tests. */
import { expose } from 'comlink'
import { createPixels } from '../../models/pixels'
import type { Span } from '../../workers/clip/clip-job'
import '../../workers/rpc/signal'
import { finishVideo } from '../../workers/media/finish-video'
import { openClip } from '../../workers/media/open-clip'
import { chooseVideoOutput, type VideoFormat, type VideoOutput } from '../../workers/media/video-encoding'
import { openVideoSegment } from '../../workers/media/video-segment'
import { folder } from '../../workers/storage/folders'

export interface Written {
  readonly file: File
  readonly segments: readonly File[]
  readonly output: VideoOutput
  readonly warnings: readonly string[]
  readonly times: readonly number[]
  /** As told while finishing. */
  readonly progress: readonly number[]
}

export interface WriteOptions {
  readonly format: VideoFormat
  readonly span?: Span
  /** Frames in a segment. */
  readonly perSegment?: number
  /** Every second segment by an encoder of this codec. */
  readonly alternate?: string
  /** Leaves out the last segment, or its last frame. */
  readonly lose?: 'segment' | 'frame'
}

/** Decodes the clip and encodes it again, as it is; the files are in a folder of that name. */
async function write(
  clip: File,
  name: string,
  options: WriteOptions,
  signal: AbortSignal,
  onFinishing: (done: number) => void,
): Promise<Written> {
  const { format, span, perSegment = 30, alternate, lose } = options
  using reader = await openClip(clip, clip.name, { onProgress() {}, signal })
  const output = await chooseVideoOutput(format, reader.info)
  const other = { ...output, encoder: { ...output.encoder, codec: alternate ?? output.encoder.codec } }
  const files = await folder('writing-test', name)
  const schedule = await reader.schedule(span, signal)
  const { fromS, toS } = span ?? reader.info
  const frames = reader.frames(fromS, toS, signal)
  const segments: File[] = []
  const { width, height } = reader.info.video
  const pixels = createPixels(width, height)
  for (let first = 0; first < schedule.length; first += perSegment) {
    const file = await files.getFileHandle(`segment-${segments.length}`, { create: true })
    const count = Math.min(perSegment, schedule.length - first)
    await using segment = await openVideoSegment(
      file,
      alternate && segments.length % 2 === 1 ? other : output,
    )
    for (let i = 0; i < count; i++) {
      const { value } = await frames.next()
      if (!value) throw new Error('The clip ends early.')
      using frame = Object.assign(value.frame, { [Symbol.dispose]: () => value.frame.close() })
      await frame.copyTo(pixels.data, { format: 'RGBA' })
      const isLost = lose === 'frame' && first + i === schedule.length - 1
      if (!isLost) await segment.add(pixels, value.timeS, value.durationS)
    }
    await segment.finish()
    segments.push(await file.getFile())
  }
  await frames.return()
  if (lose === 'segment') segments.pop()
  const to = await files.getFileHandle('result', { create: true })
  const progress: number[] = []
  const onProgress = (done: number) => {
    progress.push(done)
    onFinishing(done)
  }
  const { warnings } = await finishVideo({
    segments,
    schedule,
    reader,
    span,
    output,
    to,
    onProgress,
    signal,
  })
  const times = schedule.map(({ timeS }) => timeS)
  return { file: await to.getFile(), segments, output, warnings, times, progress }
}

const writing = {
  rewrite: (clip: File, name: string, options: WriteOptions, signal: AbortSignal): Promise<Written> =>
    write(clip, name, options, signal, () => undefined),
  /** Gives up after the first packets of the finished file: what comes of it. */
  async abortFinishing(clip: File, signal: AbortSignal): Promise<{ error: string; bytes: number }> {
    const stop = new AbortController()
    const onProgress = (done: number) => done > 0.3 && stop.abort()
    const name = 'aborted'
    const either = AbortSignal.any([signal, stop.signal])
    const error = await write(
      clip,
      name,
      { format: { kind: 'mp4', quality: 'high' } },
      either,
      onProgress,
    ).then(
      () => 'none',
      (reason: Error) => reason.name,
    )
    const files = await folder('writing-test', name)
    for await (const [entry, file] of files.entries())
      if (entry === 'result' && file.kind === 'file')
        return { error, bytes: (await (file as FileSystemFileHandle).getFile()).size }
    return { error, bytes: 0 }
  },
}

export type WritingApi = typeof writing
expose(writing)

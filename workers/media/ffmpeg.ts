/** The one place that knows ffmpeg: clips that the browser cannot read become H.264 in MP4, moment by moment the same. */
import type { FFmpeg as FFmpegThread } from '@ffmpeg/ffmpeg'
import * as v from 'valibot'
import { namedError } from '../rpc/named-error'

/** ffmpeg in a thread of its own; disposing ends it at once, whatever it is doing. */
export interface Ffmpeg extends Disposable {
  /** Rejects when ffmpeg fails, with the last it said. */
  run(args: readonly string[], onProgress?: (done: number) => void): Promise<void>
  probe(): Promise<readonly ProbedStream[]>
  /** Lets go of the result, so that others may open it. */
  close(): Promise<void>
}

/** Where ffmpeg sees the clip, and where it is to write. */
export const CLIP = '/in/clip'
export const RESULT = '/result.mp4'

const Stream = v.object({
  index: v.number(),
  codec_type: v.optional(v.string()),
  codec_name: v.optional(v.string()),
  pix_fmt: v.optional(v.string()),
  color_range: v.optional(v.string()),
  color_space: v.optional(v.string()),
  color_transfer: v.optional(v.string()),
  color_primaries: v.optional(v.string()),
  field_order: v.optional(v.string()),
  disposition: v.optional(v.record(v.string(), v.number())),
})
const Probed = v.object({
  streams: v.optional(v.array(Stream), []),
})
type ProbedStream = v.InferOutput<typeof Stream>

/** Loads ffmpeg and lets it see the clip where it lies. `result` is what it may write to. */
export async function openFfmpeg(
  clip: Blob,
  result: FileSystemFileHandle,
  signal: AbortSignal,
): Promise<Ffmpeg> {
  const [{ FFmpeg }, { default: files }] = await Promise.all([
    import('@ffmpeg/ffmpeg'),
    import('./ffmpeg-files'),
  ]).catch((error: unknown) => {
    throw namedError('ConverterMissingError', String(error))
  })
  signal.throwIfAborted()
  const thread = new FFmpeg()
  const end = () => thread.terminate()
  signal.addEventListener('abort', end, { once: true })
  const said: string[] = []
  thread.on('log', ({ message }) => {
    said.push(message)
    if (said.length > 20) said.shift()
  })
  try {
    const absolute = (url: string): string => new URL(url, self.location.href).href
    await thread.load({
      classWorkerURL: absolute(files.thread),
      coreURL: absolute(files.core),
      wasmURL: absolute(files.wasm),
    })
    type Mount = Parameters<FFmpegThread['mount']>
    await thread.mount('WORKERFS' as Mount[0], { blobs: [{ name: 'clip', data: clip }] }, '/in')
    // Our own addition, see ffmpeg.worker.ts.
    await thread.mount('OPFS' as Mount[0], { file: result } as Mount[1], RESULT)
  } catch (error) {
    end()
    signal.throwIfAborted()
    throw namedError('ConverterMissingError', String(error))
  }
  return {
    async run(args, onProgress) {
      const listen = ({ progress }: { progress: number }) => onProgress?.(Math.min(Math.max(progress, 0), 1))
      thread.on('progress', listen)
      try {
        const code = await thread.exec([...args]).catch((error: unknown) => {
          signal.throwIfAborted()
          throw isOutOfMemory(String(error)) ? namedError('ConversionMemoryError', String(error)) : error
        })
        if (code !== 0) throw failure(said)
      } finally {
        thread.off('progress', listen)
      }
    },
    async probe() {
      const args = ['-v', 'error', '-show_streams', '-of', 'json', CLIP, '-o', '/probe.json']
      await thread.ffprobe(args) // its exit code says nothing
      signal.throwIfAborted()
      const text = await thread.readFile('/probe.json', 'utf8')
      const { streams } = v.parse(Probed, JSON.parse(String(text)))
      if (!streams.length) throw namedError('NotAVideoError', said.join('\n'))
      return streams
    },
    async close() {
      await thread.unmount(RESULT)
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', end)
      end()
    },
  }
}

const isOutOfMemory = (message: string): boolean => /out of memory|out of bounds|OOM|abort\(/i.test(message)

function failure(said: readonly string[]): Error {
  const log = said.join('\n')
  if (/No space left/.test(log)) return namedError('QuotaExceededError', log)
  if (/Cannot allocate memory/.test(log)) return namedError('ConversionMemoryError', log)
  return namedError('VideoUndecodableError', log)
}

/** What MP4 may carry as it is, and mediabunny reads there. */
const COPIED = new Set(['aac', 'mp3', 'opus', 'ac3', 'eac3', 'flac'])
const HDR = new Set(['smpte2084', 'arib-std-b67'])

/**
 * Writes the clip as MP4 to `result`: nearly lossless H.264 that is quick to encode, every frame at its own time,
 * turned upright; sound as it was where MP4 can hold it, else AAC. `onProgress` is called with 0..1. Rejects with a
 * named Error.
 */
export async function convert(
  clip: Blob,
  result: FileSystemFileHandle,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  using ffmpeg = await openFfmpeg(clip, result, signal)
  const streams = await ffmpeg.probe()
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!video) throw namedError('NoVideoTrackError', 'The file holds no video.')
  const audio = streams.find((stream) => stream.codec_type === 'audio')
  const sound = audio ? ['-map', `0:${audio.index}`, ...soundOptions(audio)] : []
  const options = ['-map', `0:${video.index}`, ...sound, ...pictureOptions(video)]
  await ffmpeg.run(['-fflags', '+genpts', '-i', CLIP, ...options, '-f', 'mp4', RESULT], onProgress)
  await ffmpeg.close()
}

/**
 * Writes the clip's sound alone to `result`, as AAC in MP4, each moment at its own time: for codecs that browsers do not know
 * (AC-3, DTS). `index` counts its sound tracks. `onProgress` is called with 0..1. Rejects with a named Error.
 */
export async function convertSound(
  clip: Blob,
  index: number,
  result: FileSystemFileHandle,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  using ffmpeg = await openFfmpeg(clip, result, signal)
  const options = ['-map', `0:a:${index}`, '-c:a', 'aac', '-b:a', '192k', '-ac', '2', '-f', 'mp4']
  await ffmpeg.run(['-copyts', '-i', CLIP, ...options, RESULT], onProgress)
  await ffmpeg.close()
}

function soundOptions({ codec_name }: ProbedStream): string[] {
  if (codec_name && COPIED.has(codec_name)) return ['-c:a', 'copy', '-strict', '-2']
  return ['-c:a', 'aac', '-b:a', '256k']
}

function pictureOptions(video: ProbedStream): string[] {
  const isHdr = HDR.has(video.color_transfer ?? '')
  const isInterlaced = /^(tt|bb|tb|bt)$/.test(video.field_order ?? '')
  const colours = (
    [
      ['-color_primaries', video.color_primaries],
      ['-color_trc', video.color_transfer],
      ['-colorspace', video.color_space],
      ['-color_range', video.color_range],
    ] as const
  ).flatMap(([option, value]) => (value && value !== 'unknown' && value !== 'gbr' ? [option, value] : []))
  return [
    ...(isInterlaced ? ['-vf', 'yadif=mode=send_frame:deint=interlaced'] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-g', '48'],
    ...['-pix_fmt', isHdr ? 'yuv420p10le' : 'yuv420p'],
    ...colours,
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1'],
  ]
}

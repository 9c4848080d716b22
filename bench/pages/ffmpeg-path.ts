/**
 * What a clip studio would be that leaves pictures to ffmpeg.wasm: it decodes the whole clip to raw frames, each is swapped
 * by the very code that jobs use, and it encodes the whole result. Kind to it: raw frames cost no PNG or JPEG, they go
 * through this device's storage without a copy in between, and sound is left out.
 */
import type { JobSource } from '../../workers/clip/clip-job'
import { Journal } from '../../workers/clip/journal'
import { prepareSources } from '../../workers/clip/prepare-sources'
import { Render } from '../../workers/clip/render'
import { Scout } from '../../workers/clip/scout'
import { Segments } from '../../workers/clip/segments'
import { StageTimes } from '../../workers/clip/stage-times'
import { amaraSource } from '../../workers/clip/testing/job-thread'
import { LookAhead } from '../../workers/faces/look-ahead'
import { facesInStill, plateOfPixels } from '../../workers/faces/still'
import type { ClipFrame, ClipReader } from '../../workers/media/clip-reader'
import { CLIP, openFfmpeg, RESULT } from '../../workers/media/ffmpeg'
import { openClip } from '../../workers/media/open-clip'
import type { Moment } from '../../workers/media/schedule'
import type { SegmentWriter } from '../../workers/media/segment-writer'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import { openParts, type SwapParts } from '../../workers/studio/parts'
import { readBitmap } from '../../workers/studio/read-bitmap'
import { MeshSwap } from '../../workers/swap/mesh-swap'

export interface FfmpegPathRun {
  readonly clip: string
  /** A source's picture; the demo character without it. */
  readonly picture: string | undefined
  readonly frames: number
}

export interface FfmpegPathResult {
  readonly frames: number
  readonly fps: number
  /** Milliseconds per frame. */
  readonly decodeMs: number
  readonly swapMs: number
  readonly encodeMs: number
}

declare global {
  var runFfmpegPath: (run: FfmpegPathRun) => Promise<FfmpegPathResult>
}

const signal = new AbortController().signal

globalThis.runFfmpegPath = async ({ clip, picture, frames }) => {
  const file = await (await fetch(clip)).blob()
  using parts = await openParts(() => undefined, undefined)
  using reader = await openClip(file, clip, { onProgress: () => undefined, signal })
  const schedule = (await reader.schedule(undefined, signal)).slice(0, frames)
  const { width, height, fps } = reader.info.video

  const decoded = await newFile('decoded')
  const decodeMs = await withFfmpeg(file, decoded, [
    ...['-i', CLIP, '-frames:v', `${schedule.length}`, '-fps_mode', 'passthrough', '-an'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', RESULT],
  ])

  const raw = new RawClip(reader, await decoded.getFile(), schedule)
  const source = picture ? await sourceOf(picture, parts) : await amaraSource()
  const swapStart = performance.now()
  const swapped = await swap(raw, schedule, parts, source)
  const swapMs = performance.now() - swapStart

  const encodeMs = await withFfmpeg(await swapped.getFile(), await newFile('encoded'), [
    ...['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', `${fps}`, '-i', CLIP],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p', '-f', 'mp4', RESULT],
  ])
  const count = schedule.length
  return {
    frames: count,
    fps: (1000 * count) / (decodeMs + swapMs + encodeMs),
    decodeMs: decodeMs / count,
    swapMs: swapMs / count,
    encodeMs: encodeMs / count,
  }
}

/** Milliseconds of the run itself: loading ffmpeg does not count. */
async function withFfmpeg(input: Blob, to: FileSystemFileHandle, args: readonly string[]): Promise<number> {
  using ffmpeg = await openFfmpeg(input, to, signal)
  const start = performance.now()
  await ffmpeg.run(args)
  const ms = performance.now() - start
  await ffmpeg.close()
  return ms
}

async function newFile(name: string): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getFileHandle(`bench-${name}`, { create: true })
}

/** The clip's own times with pictures from a file of raw frames. */
class RawClip implements ClipReader {
  readonly info: ClipReader['info']
  readonly file: Blob
  readonly videoTrack: ClipReader['videoTrack']
  readonly audioTrack: ClipReader['audioTrack']
  readonly #frames: Blob
  readonly #schedule: readonly Moment[]

  constructor(reader: ClipReader, frames: Blob, schedule: readonly Moment[]) {
    this.info = reader.info
    this.videoTrack = reader.videoTrack
    this.audioTrack = undefined
    this.file = frames
    this.#frames = frames
    this.#schedule = schedule
  }

  async schedule(): Promise<readonly Moment[]> {
    return this.#schedule
  }

  async *frames(fromS: number, toS: number): AsyncGenerator<ClipFrame, void, void> {
    for (const [index, { timeS }] of this.#schedule.entries())
      if (timeS >= fromS && timeS < toS) yield await this.#frame(index)
  }

  async frameAt(timeS: number): Promise<ClipFrame> {
    return this.#frame(this.#schedule.findLastIndex((shown) => shown.timeS <= timeS))
  }

  async #frame(index: number): Promise<ClipFrame> {
    const { width, height } = this.info.video
    const size = (width * height * 3) / 2
    const data = await this.#frames.slice(index * size, (index + 1) * size).arrayBuffer()
    const { timeS, durationS } = this.#schedule[index]!
    const frame = new VideoFrame(data, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: Math.round(timeS * 1e6),
    })
    return { frame, timeS, durationS }
  }

  [Symbol.dispose](): void {}
}

/** By the code of jobs, into one file of raw frames. */
async function swap(
  reader: ClipReader,
  schedule: readonly Moment[],
  parts: SwapParts,
  source: JobSource,
): Promise<FileSystemFileHandle> {
  const engine = new MeshSwap(parts.canonical)
  const sources = await prepareSources(engine, [source])
  const make = parts.makers[parts.capabilities.compositor]
  using compositor = await make(new OffscreenCanvas(8, 8))
  const times = new StageTimes()
  const ahead = new LookAhead(parts.newNetworks(), DEFAULT_LOOK.smoothing)
  await using scout = new Scout({ reader, frames: schedule, ahead, compositor, times }, undefined)
  const journal = await Journal.open(`bench-${crypto.randomUUID()}`)
  const to = await newFile('swapped')
  await using segments = new Segments({ journal, frames: schedule.length, open: () => rawWriter(to) })
  const cast = { everyone: source.id, people: {} }
  const render = new Render(
    {
      reader,
      frames: schedule.map((shown, place) => ({ ...shown, place })),
      schedule,
      isScouted: () => true,
      casting: { look: DEFAULT_LOOK, cast, people: [], sources },
      engine,
      compositor,
      scout,
      segments,
      times,
      from: 0,
      onFrame: () => undefined,
    },
    undefined,
  )
  await render.run(signal)
  render[Symbol.dispose]()
  return to
}

async function sourceOf(picture: string, parts: SwapParts): Promise<JobSource> {
  const blob = await (await fetch(picture)).blob()
  const pixels = readBitmap(await createImageBitmap(blob))
  const [face] = await facesInStill(plateOfPixels(pixels), parts.newNetworks())
  if (!face) throw new Error('No face was found in the source.')
  return { id: 'source', name: 'source', picture: blob, landmarks: new Float32Array(face.landmarks) }
}

async function rawWriter(to: FileSystemFileHandle): Promise<SegmentWriter> {
  const writer = await to.createWritable()
  return {
    add: ({ data }) => writer.write(new Uint8Array(data)),
    finish: () => writer.close(),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

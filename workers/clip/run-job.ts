/** One clip from its file to its result, from wherever it was left. */
import type { Compositor } from '../compositor/compositor'
import { LookAhead } from '../faces/look-ahead'
import type { ClipInfo } from '../media/clip-info'
import type { ClipReader } from '../media/clip-reader'
import { refuseLongGif } from '../media/gif'
import { openClip } from '../media/open-clip'
import { openPictureSegment } from '../media/picture-segment'
import { chooseVideoOutput } from '../media/video-encoding'
import { openVideoSegment } from '../media/video-segment'
import { namedError } from '../rpc/named-error'
import type { SwapParts } from '../studio/parts'
import { MeshSwap } from '../swap/mesh-swap'
import type { JobState, OutputFormat } from './clip-job'
import { finish } from './finish'
import { isSwapped, type Shown, spanToRead, type Wanted, wantedFrames } from './frame-choice'
import type { JobPlan, JobRecord } from './job-record'
import { CONVERTED, INPUT, jobFolder } from './job-store'
import { Journal } from './journal'
import { prepareSources } from './prepare-sources'
import { Progress } from './progress'
import type { JobHooks } from './queue'
import { parseRenderMemory, Render, type Rendered, renderedSoFar } from './render'
import { Scout } from './scout'
import { Segments } from './segments'
import type { StageTimes } from './stage-times'
import { Watchdog } from './watchdog'

/** A crash costs at most this much of what was swapped. */
const SEGMENT_S = 4
/** A GPU lost this often will be lost again: draw on the CPU from then on. */
const MOST_LOSSES = 2
/** Finishing a video copies packets; pictures and palettes take longer. */
const FINISHING = { mp4: 0.03, webm: 0.03, gif: 0.3, png: 0.1 } as const

export interface JobParts {
  readonly job: JobRecord
  readonly openParts: () => Promise<SwapParts>
  readonly times: StageTimes
  readonly hooks: JobHooks
}

/** Resolves with what became of the job; rejects only when aborted. */
export async function runJob(parts: JobParts, signal: AbortSignal): Promise<JobState> {
  const { job, hooks } = parts
  using watchdog = new Watchdog()
  const life = new AbortController()
  const run = new JobRun(parts, () => watchdog.alive(), AbortSignal.any([signal, life.signal]))
  try {
    return await watchdog.watch(run.toTheEnd())
  } catch (error) {
    signal.throwIfAborted()
    life.abort() // what hangs may let go yet
    const { name: reason, message: detail } = error instanceof Error ? error : new Error(String(error))
    if (run.isUnfit(error)) return { name: 'failed', reason, detail }
    if (reason === 'DeviceLostError') await hooks.onChange({ gpuLosses: job.gpuLosses + 1 })
    if (reason === 'VideoEncoderError') await run.encodeInSoftware()
    return { name: 'paused', reason, detail }
  }
}

class JobRun {
  readonly #parts: JobParts
  readonly #alive: () => void
  readonly #signal: AbortSignal
  readonly #progress = new Progress()
  #unfit: unknown
  /** What encoders are chosen by, once a plan is made. */
  #decided: { readonly plan: JobPlan; readonly info: ClipInfo } | undefined

  constructor(parts: JobParts, alive: () => void, signal: AbortSignal) {
    this.#parts = parts
    this.#alive = alive
    this.#signal = signal
  }

  /** What is wrong lies in the clip or its settings: going on cannot help. */
  isUnfit(error: unknown): boolean {
    return error !== undefined && error === this.#unfit
  }

  async toTheEnd(): Promise<JobState> {
    const { job, hooks } = this.#parts
    using reader = await this.#orUnfit(this.#open())
    const plan = job.plan ?? (await this.#orUnfit(decide(job, this.#parts.openParts, reader)))
    this.#decided = { plan, info: reader.info }
    await hooks.onChange({ plan, warnings: reader.info.warnings })
    const schedule = await reader.schedule(spanToRead(job.settings), this.#signal)
    const frames = wantedFrames(schedule, job.settings)
    await this.#orUnfit(refuse(frames, job.settings.output))
    const journal = await Journal.open(job.id)
    const swap = () => this.#swap(reader, plan, schedule, frames, journal)
    const swapped = await swap().catch(async (error) => {
      if (!(error instanceof Error && error.name === 'MemoryOutdatedError')) throw error
      await journal.clear() // another version of the app began it: its parts would not fit together
      return swap()
    })
    this.#signal.throwIfAborted()
    const onProgress = (done: number) => {
      this.#alive()
      hooks.onProgress(this.#progress.finishing(done))
    }
    const warnings = await this.#parts.times.time('finish', () =>
      finish({ job, plan, reader, frames, journal, thumbnail: swapped.thumbnail, onProgress }, this.#signal),
    )
    const damaged = swapped.hasStandIns ? ['DamagedFramesWarning'] : []
    await hooks.onChange({ warnings: [...new Set([...reader.info.warnings, ...damaged, ...warnings])] })
    return { name: 'done', libraryId: plan.libraryId }
  }

  /** The encoder broke down. One on hardware may do so again and again: whoever goes on does without. */
  async encodeInSoftware(): Promise<void> {
    const { output } = this.#parts.job.settings
    if (!this.#decided || (output.kind !== 'mp4' && output.kind !== 'webm')) return
    const { plan, info } = this.#decided
    if (plan.video?.encoder.hardwareAcceleration === 'prefer-software') return
    const video = await chooseVideoOutput(output, info, 'in software').catch(() => undefined)
    if (video) await this.#parts.hooks.onChange({ plan: { ...plan, video } })
  }

  async #open(): Promise<ClipReader> {
    const { job, hooks } = this.#parts
    const folder = await jobFolder(job.id)
    const handle = await folder.getFileHandle(INPUT).catch(() => {
      throw namedError('ClipMissingError', 'The copy of the clip is gone.')
    })
    const file = await handle.getFile()
    const onProgress = (done: number) => {
      this.#alive()
      hooks.onProgress(this.#progress.reading(done))
    }
    const ffmpegFolder = await folder.getDirectoryHandle(CONVERTED, { create: true })
    return openClip(file, job.name, { onProgress, signal: this.#signal, ffmpegFolder })
  }

  async #swap(
    reader: ClipReader,
    plan: JobPlan,
    schedule: readonly Shown[],
    frames: readonly Wanted[],
    journal: Journal,
  ): Promise<Rendered> {
    const { job, openParts, times, hooks } = this.#parts
    const { look, cast, people, sources, output } = job.settings
    const memory = parseRenderMemory(journal.memory)
    hooks.onProgress(this.#progress.begin(journal.frames, frames.length, FINISHING[output.kind]))
    if (memory && journal.frames === frames.length) return renderedSoFar(memory)

    const parts = await openParts()
    this.#alive()
    const engine = new MeshSwap(parts.canonical)
    const prepared = await this.#orUnfit(prepareSources(engine, sources))
    if (memory) engine.restore(memory.engine)
    using compositor = await openCompositor(parts, job.gpuLosses < MOST_LOSSES ? plan.compositor : 'cpu')
    const isScouted = (place: number) => isSwapped(schedule[place] ?? NEVER, job.settings)
    const ahead = new LookAhead(parts.newNetworks(), look.smoothing)
    const scouted = schedule.filter((_, place) => isScouted(place))
    await using scout = new Scout({ reader, frames: scouted, ahead, compositor, times }, memory?.scout)
    await using segments = new Segments({
      journal,
      frames: plan.segmentFrames,
      open(file) {
        if (plan.video) return openVideoSegment(file, plan.video)
        return openPictureSegment(file, output.kind === 'gif' ? output.width : undefined)
      },
    })
    const onFrame = () => {
      this.#alive()
      hooks.onProgress(this.#progress.frame())
    }
    const casting = { look, cast, people, sources: prepared }
    const from = journal.frames
    using render = new Render(
      {
        reader,
        frames,
        schedule,
        isScouted,
        casting,
        engine,
        compositor,
        scout,
        segments,
        times,
        from,
        onFrame,
      },
      memory,
    )
    return await render.run(this.#signal)
  }

  async #orUnfit<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof Error && PASSING.has(error.name))) this.#unfit = error
      throw error
    }
  }
}

/** Rejects with a named Error when no result can be made of these frames. */
async function refuse(frames: readonly Wanted[], output: OutputFormat): Promise<void> {
  const [first, last] = [frames[0], frames.at(-1)]
  if (!first || !last) throw namedError('EmptySpanError', 'There is no frame in this part of the clip.')
  if (output.kind === 'gif') refuseLongGif(last.timeS + last.durationS - first.timeS)
}

const NEVER: Shown = { timeS: Number.NaN, durationS: 0 }

/** What may be better another time, whatever the clip. */
const PASSING: ReadonlySet<string> = new Set([
  'AbortError',
  'DeviceLostError',
  'NotReadableError',
  'QuotaExceededError',
  'WeightCorruptError',
  'WeightMissingError',
])

async function decide(
  { settings }: JobRecord,
  openParts: () => Promise<SwapParts>,
  { info }: ClipReader,
): Promise<JobPlan> {
  const { output } = settings
  const isVideo = output.kind === 'mp4' || output.kind === 'webm'
  const fps = output.kind === 'gif' ? Math.min(output.fps, info.video.fps) : info.video.fps
  return {
    libraryId: crypto.randomUUID(),
    segmentFrames: Math.max(1, Math.round(SEGMENT_S * fps)),
    video: isVideo ? await chooseVideoOutput(output, info) : undefined,
    compositor: (await openParts()).capabilities.compositor,
  }
}

/** On a canvas nobody sees. Where no GPU is to be had, on the CPU. */
async function openCompositor({ makers }: SwapParts, kind: Compositor['kind']): Promise<Compositor> {
  if (kind === 'webgpu') {
    const compositor = await makers.webgpu(new OffscreenCanvas(8, 8)).catch(() => undefined)
    if (compositor) return compositor
  }
  return makers.cpu(new OffscreenCanvas(8, 8))
}

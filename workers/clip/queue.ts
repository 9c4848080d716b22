/** The queue of clips: one job after another, in order, whatever happens to one of them. */
import type { ClipJob, ClipSettings, JobProgress, JobState } from './clip-job'
import { type JobRecord, publicJob } from './job-record'
import {
  deleteJob,
  putJobs,
  putJobWithoutSegments,
  removeJobFolder,
  storedJob,
  storedJobs,
} from './job-store'
import type { JobsEvent } from './jobs-api'

/** What a person can ask for, from whichever tab. Asking twice does no harm. */
export type JobCommand =
  | { readonly name: 'pause' | 'resume' | 'remove'; readonly id: string }
  /** Its record is in the store. */
  | { readonly name: 'added'; readonly id: string }
  | { readonly name: 'retry'; readonly id: string; readonly settings: ClipSettings | undefined }
  | { readonly name: 'move'; readonly id: string; readonly beforeId: string | undefined }

/** How a job tells what becomes of it. */
export interface JobHooks {
  onProgress(progress: JobProgress): void
  /** Stored before it resolves. */
  onChange(changes: Partial<Pick<JobRecord, 'plan' | 'gpuLosses' | 'warnings'>>): Promise<void>
}

/** Works on a job until its end, from wherever it is. Resolves with what became of it; rejects only when aborted. */
export type RunJob = (job: JobRecord, hooks: JobHooks, signal: AbortSignal) => Promise<JobState>

const TELL_EVERY_MS = 250
/** Something that hangs may not hear that it was aborted: the queue goes on without it. */
const LET_GO_MS = 10_000

interface Running {
  readonly id: string
  readonly life: AbortController
  readonly ended: Promise<void>
}

export class Queue {
  readonly #run: RunJob
  readonly #onEvent: (event: JobsEvent) => void
  readonly #onIdle: () => void
  #jobs: JobRecord[] = []
  #running: Running | undefined
  #isWorking = false
  #isClosed = false
  #turn: Promise<unknown> = Promise.resolve()

  /** `onIdle`: there is nothing left to run for now. */
  constructor(run: RunJob, onEvent: (event: JobsEvent) => void, onIdle: () => void) {
    this.#run = run
    this.#onEvent = onEvent
    this.#onIdle = onIdle
  }

  get jobs(): readonly ClipJob[] {
    return this.#jobs.map(publicJob)
  }

  /** Takes up what is stored. A job whose thread died goes on by itself only when `goOn`; else it is paused. */
  async begin(goOn: boolean): Promise<void> {
    this.#jobs = await storedJobs()
    const state: JobState = goOn
      ? { name: 'waiting' }
      : { name: 'paused', reason: 'InterruptedError', detail: '' }
    for (const job of this.#jobs) if (job.state.name === 'running') await this.#change(job.id, { state })
    // Its result is in the library; only clearing away was left to do.
    for (const job of this.#jobs) if (job.state.name === 'done') await removeJobFolder(job.id)
    void this.#work()
  }

  /** One command after another. */
  carryOut(command: JobCommand): Promise<void> {
    const done = this.#turn.then(() => this.#carryOut(command))
    this.#turn = done.catch(() => undefined) // whoever asked hears of it
    return done
  }

  async #carryOut(command: JobCommand): Promise<void> {
    const { id } = command
    if (command.name === 'added') {
      const job = await storedJob(id)
      if (!job || this.#find(id)) return
      this.#jobs.push(job)
      this.#tell(job)
    } else if (command.name === 'move') await this.#move(id, command.beforeId)
    else if (command.name === 'pause') await this.#pause(id)
    else if (command.name === 'resume') await this.#resume(id)
    else if (command.name === 'retry') await this.#retry(id, command.settings)
    else await this.#remove(id)
    void this.#work()
  }

  async #pause(id: string): Promise<void> {
    await this.#stop(id)
    const { name } = this.#find(id)?.state ?? {}
    if (name !== 'waiting' && name !== 'running') return
    await this.#change(id, { state: { name: 'paused', reason: undefined, detail: '' } })
  }

  async #resume(id: string): Promise<void> {
    if (this.#find(id)?.state.name === 'paused') await this.#change(id, { state: { name: 'waiting' } })
  }

  async #retry(id: string, settings: ClipSettings | undefined): Promise<void> {
    await this.#stop(id)
    const job = this.#find(id)
    if (!job || job.state.name === 'done') return // a finished job has given its clip back
    const again: JobRecord = {
      ...job,
      settings: settings ?? job.settings,
      state: { name: 'waiting' },
      progress: undefined,
      warnings: [],
      plan: undefined,
      gpuLosses: 0,
    }
    await putJobWithoutSegments(again)
    this.#replace(again)
  }

  async #remove(id: string): Promise<void> {
    await this.#stop(id)
    await deleteJob(id)
    this.#jobs = this.#jobs.filter((job) => job.id !== id)
    this.#onEvent({ name: 'removed', id })
  }

  async #move(id: string, beforeId: string | undefined): Promise<void> {
    const moved = this.#find(id)
    if (!moved || id === beforeId) return
    const others = this.#jobs.filter((job) => job !== moved)
    const before = others.findIndex((job) => job.id === beforeId)
    const order = others.toSpliced(before < 0 ? others.length : before, 0, moved)
    const places = this.#jobs.map(({ position }) => position) // ascending
    const changed: JobRecord[] = []
    this.#jobs = order.map((job, i) => {
      const position = places[i] ?? job.position
      if (position === job.position) return job
      changed.push({ ...job, position })
      return { ...job, position }
    })
    await putJobs(...changed)
    for (const job of changed) this.#tell(job)
  }

  /** Stops the job if it is at work; resolves when it has let go of everything. */
  async #stop(id: string): Promise<void> {
    if (this.#running?.id !== id) return
    this.#running.life.abort()
    await this.#running.ended
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return
    this.#isWorking = true
    try {
      for (;;) {
        const next = this.#isClosed ? undefined : this.#jobs.find(({ state }) => state.name === 'waiting')
        if (!next) break
        const life = new AbortController()
        const ended = this.#runOne(next, life.signal)
        this.#running = { id: next.id, life, ended }
        await ended
        this.#running = undefined
      }
    } finally {
      this.#isWorking = false
    }
    if (!this.#isClosed) this.#onIdle()
  }

  /** Never rejects: whatever happens to a job must not stop the others. */
  async #runOne({ id }: JobRecord, signal: AbortSignal): Promise<void> {
    try {
      const job = await this.#change(id, { state: { name: 'running' } })
      const state = await untilLetGo(this.#run(job, this.#hooks(id, signal), signal), signal)
      await this.#change(id, { state })
      if (state.name === 'done') await removeJobFolder(id)
    } catch (error) {
      if (signal.aborted) return // whoever aborted says what becomes of it
      await this.#change(id, { state: { name: 'paused', ...reasonOf(error) } }).catch((again) =>
        this.#onEvent({ name: 'notice', notice: reasonOf(again).reason, detail: reasonOf(again).detail }),
      )
    }
  }

  #hooks(id: string, signal: AbortSignal): JobHooks {
    let toldMs = Number.NEGATIVE_INFINITY
    let phase: JobProgress['phase'] | undefined
    return {
      onProgress: (progress) => {
        const job = this.#find(id)
        if (!job || signal.aborted) return
        const changed = { ...job, progress }
        const now = performance.now()
        const isDue = now - toldMs >= TELL_EVERY_MS || progress.phase !== phase
        this.#replace(changed, isDue)
        if (!isDue) return
        toldMs = now
        phase = progress.phase
      },
      onChange: async (changes) => {
        signal.throwIfAborted()
        await this.#change(id, changes)
      },
    }
  }

  #find(id: string): JobRecord | undefined {
    return this.#jobs.find((job) => job.id === id)
  }

  /** Stored first, then told. */
  async #change(id: string, changes: Partial<JobRecord>): Promise<JobRecord> {
    const job = this.#find(id)
    if (!job) throw new Error(`There is no job ${id}.`)
    // Speed and time left are those of a run: they end with it.
    const progress = changes.state && job.progress && { ...job.progress, fps: 0, leftS: undefined }
    const changed = { ...job, ...(progress ? { progress } : {}), ...changes }
    await putJobs(changed)
    this.#replace(changed)
    return changed
  }

  #replace(job: JobRecord, tell = true): void {
    this.#jobs = this.#jobs.map((old) => (old.id === job.id ? job : old))
    if (tell) this.#tell(job)
  }

  #tell(job: JobRecord): void {
    this.#onEvent({ name: 'job', job: publicJob(job) })
  }

  /** Stops whatever is at work, which stays as if its thread had died. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#running?.life.abort()
    await this.#running?.ended
  }
}

/** As `work`; once aborted, it is waited for only so long. */
async function untilLetGo<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let late: ReturnType<typeof setTimeout> | undefined
  let onAbort = (): void => undefined
  const tooLate = new Promise<never>((_, reject) => {
    onAbort = () => {
      late = setTimeout(() => reject(signal.reason), LET_GO_MS)
    }
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(late)
  }
}

function reasonOf(error: unknown): { readonly reason: string; readonly detail: string } {
  return error instanceof Error
    ? { reason: error.name, detail: error.message }
    : { reason: 'Error', detail: String(error) }
}

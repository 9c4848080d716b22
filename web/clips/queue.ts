import { proxy } from 'comlink'
import { createEffect, createMemo, onCleanup } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import type { ClipJob, ClipSettings } from '../../workers/clip/clip-job'
import type { JobsApi, JobsEvent } from '../../workers/clip/jobs-api'
import { connect } from '../../workers/rpc/connect'
import '../../workers/rpc/signal'
import type { Capabilities } from '../../workers/studio/studio-api'
import { brokenThread } from '../platform/broken-thread'
import { createWakeLock } from '../platform/wake-lock'
import { rememberUnfinished } from './unfinished'

/** A file on its way into this device's storage, before it is a job. */
export interface Copying {
  readonly id: string
  readonly name: string
  readonly done: number // 0..1
}

export interface QueueState {
  phase: { readonly name: 'asleep' | 'opening' | 'open' } | { readonly name: 'failed'; readonly error: Error }
  jobs: ClipJob[]
  copying: Copying[]
}

export interface QueueParts {
  readonly capabilities: () => Promise<Capabilities | undefined>
  readonly onNotice: (name: string, detail: string) => void
  /** A job has just come to its end, well or not. */
  readonly onEnded: (job: ClipJob) => void
}

/** The queue of clips, as the job thread keeps it. Nothing else writes this state. */
export function createQueue({ capabilities, onNotice, onEnded }: QueueParts) {
  const [state, setState] = createStore<QueueState>({ phase: { name: 'asleep' }, jobs: [], copying: [] })
  let connected: Promise<ReturnType<typeof start>['api']> | undefined
  let connection: ReturnType<typeof start>['connection'] | undefined
  onCleanup(() => connection?.[Symbol.dispose]())

  function start() {
    const worker = new Worker(new URL('../../workers/clip/jobs.worker.ts', import.meta.url), {
      type: 'module',
      name: 'jobs',
    })
    const connection = connect<JobsApi>(worker)
    return { connection, api: connection.api, broken: brokenThread(worker) }
  }

  /** The thread, started by whoever needs it first. Rejects with a named Error; a later call tries again. */
  const api = () => {
    connected ??= open()
    connected.catch((error) => {
      connected = undefined
      setState('phase', { name: 'failed', error })
    })
    return connected
  }
  async function open() {
    setState('phase', { name: 'opening' })
    const thread = start()
    connection = thread.connection
    const jobs = await Promise.race([thread.api.open(proxy(heard), await capabilities()), thread.broken])
    setState('jobs', (early) => [...early, ...jobs.filter(({ id }) => !early.some((job) => job.id === id))])
    setState('phase', { name: 'open' })
    return thread.api
  }

  function heard(event: JobsEvent): void {
    if (event.name === 'notice') onNotice(event.notice, event.detail)
    else if (event.name === 'removed') setState('jobs', (jobs) => jobs.filter(({ id }) => id !== event.id))
    else change(event.job)
  }

  const change = (job: ClipJob) => {
    const at = state.jobs.findIndex(({ id }) => id === job.id)
    const before = state.jobs[at]?.state.name
    // By key: a row follows its job, and only what is new is drawn again.
    if (at < 0) setState('jobs', (jobs) => [...jobs, job])
    else setState('jobs', at, job)
    const now = job.state.name
    if (now !== before && (now === 'done' || now === 'failed')) onEnded(job)
  }

  /** Puts a clip at the end. Rejects with a named Error, or as aborted. */
  const add = async (file: File, settings: ClipSettings, signal: AbortSignal): Promise<ClipJob> => {
    const jobs = await api()
    const id = crypto.randomUUID()
    setState('copying', (list) => [...list, { id, name: file.name, done: 0 }])
    const copied = proxy((done: number) =>
      setState(
        'copying',
        (each) => each.id === id,
        produce((each) => void Object.assign(each, { done })),
      ),
    )
    try {
      const job = await jobs.add(file, settings, copied, signal)
      // Events come by another way than this answer: what they have told of the job already is newer.
      if (!state.jobs.some(({ id }) => id === job.id)) change(job)
      return job
    } finally {
      setState('copying', (list) => list.filter((each) => each.id !== id))
    }
  }

  const sorted = createMemo(() => [...state.jobs].sort((a, b) => a.position - b.position))
  const running = createMemo(() => state.jobs.find(({ state }) => state.name === 'running'))
  const unfinished = createMemo(() =>
    sorted().filter(({ state }) => state.name === 'waiting' || state.name === 'running'),
  )
  createWakeLock(() => running() !== undefined)
  createEffect(() => {
    const left = state.jobs.filter(({ state }) =>
      ['waiting', 'running', 'paused'].includes(state.name),
    ).length
    if (state.phase.name === 'open') rememberUnfinished(left)
  })

  return {
    state,
    /** In the order in which they run. */
    jobs: sorted,
    running,
    /** Those that run or wait for their turn. */
    unfinished,
    wake: async () => void (await api()),
    add,
    pause: async (id: string) => (await api()).pause(id),
    resume: async (id: string) => (await api()).resume(id),
    retry: async (id: string, settings?: ClipSettings) => (await api()).retry(id, settings),
    remove: async (id: string) => (await api()).remove(id),
    stats: async (id: string) => (await api()).stats(id),
    move: async (id: string, beforeId: string | undefined) => (await api()).move(id, beforeId),
  }
}

export type Queue = ReturnType<typeof createQueue>

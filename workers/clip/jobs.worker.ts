/** The job thread: the queue of clips, worked off one after another by one tab, shown in all. */
import { expose } from 'comlink'
import { Leader } from '../rpc/leader'
import { namedError } from '../rpc/named-error'
import '../rpc/signal'
import { workDatabase } from '../storage/work-db'
import { openParts, type SwapParts } from '../studio/parts'
import type { Capabilities } from '../studio/studio-api'
import { copyIn } from './copy-in'
import { publicJob } from './job-record'
import {
  addingLock,
  appendJob,
  clearOrphans,
  clipsFolder,
  INPUT,
  jobFolder,
  publicStored,
  removeJobFolder,
} from './job-store'
import type { JobStats, JobsApi, JobsEvent } from './jobs-api'
import { type JobCommand, Queue } from './queue'
import { runJob } from './run-job'
import { StageTimes } from './stage-times'

let onEvent: (event: JobsEvent) => void = () => undefined
let remembered: Capabilities | undefined
let leader: Leader<JobCommand, JobsEvent> | undefined
let parts: Promise<SwapParts> | undefined
/** How long the stages of the jobs that ran in this thread took. */
const stats = new Map<string, JobStats>()

/** Opened for the first job that needs them. */
function partsOnDemand(): Promise<SwapParts> {
  parts ??= openParts((detail) => tell({ name: 'notice', notice: 'GpuError', detail }), remembered)
  parts.then(
    ({ capabilities }) => {
      remembered = capabilities
    },
    () => {
      parts = undefined // the next job tries again
    },
  )
  return parts
}

/** There may be nothing to do for hours: what models and GPU hold is given back. */
function letGoOfParts(): void {
  void parts?.then((opened) => opened[Symbol.dispose]())
  parts = undefined
}

function tell(event: JobsEvent): void {
  onEvent(event)
  leader?.tell(event)
}

const queue = new Queue(
  async (job, hooks, signal) => {
    const times = new StageTimes()
    const startMs = performance.now()
    try {
      return await runJob({ job, hooks, times, openParts: partsOnDemand }, signal)
    } finally {
      stats.set(job.id, { wallMs: performance.now() - startMs, stages: times.summary() })
    }
  },
  tell,
  letGoOfParts,
)

const api: JobsApi = {
  async open(listener, capabilities) {
    onEvent = listener
    remembered = capabilities
    await Promise.all([clipsFolder(), workDatabase()]).catch((error) => {
      throw namedError('StorageUnavailableError', String(error))
    })
    leader = await Leader.open<JobCommand, JobsEvent>('understudy-jobs', {
      async onLead(before) {
        await clearOrphans()
        await queue.begin(before)
      },
      carryOut: (command) => queue.carryOut(command),
      onNews: (event) => onEvent(event),
    })
    return publicStored()
  },
  async add(file, settings, onCopied, signal) {
    const id = crypto.randomUUID()
    return navigator.locks.request(addingLock(id), async () => {
      try {
        await copyIn(file, await jobFolder(id), INPUT, onCopied, signal)
        const job = await appendJob({
          id,
          name: file.name,
          bytes: file.size,
          addedAt: Date.now(),
          settings,
          state: { name: 'waiting' },
          progress: undefined,
          warnings: [],
          plan: undefined,
          gpuLosses: 0,
        })
        await send({ name: 'added', id })
        return publicJob(job)
      } catch (error) {
        await removeJobFolder(id)
        throw error
      }
    })
  },
  pause: (id) => send({ name: 'pause', id }),
  resume: (id) => send({ name: 'resume', id }),
  retry: (id, settings) => send({ name: 'retry', id, settings }),
  remove: (id) => send({ name: 'remove', id }),
  move: (id, beforeId) => send({ name: 'move', id, beforeId }),
  stats: async (id) => stats.get(id),
  async loseDevice() {
    ;(await parts)?.loseDevice()
  },
  async close() {
    await queue.close()
    leader?.[Symbol.dispose]()
    letGoOfParts()
  },
}

function send(command: JobCommand): Promise<void> {
  if (!leader) throw new Error('The queue was asked for something before open().')
  return leader.send(command)
}

expose(api)

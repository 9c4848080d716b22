/** Tells browsers over WebSockets what happens to jobs: one listener at the queue, whatever the number of sockets. */
import type { WebSocket } from 'ws'
import type { Jobs } from '../jobs/jobs'
import { Follower, type Slowness } from './follower'
import type { JobViews } from './job-views'
import type { JobMessage, JobView } from './schemas'

/** Why a socket of ours was closed. @public */
export const CLOSED = {
  goingAway: 1001, // the server stops; come back
  failed: 1011,
  tooMany: 1013,
  unknownJob: 4404,
} as const

export interface JobSockets extends Disposable {
  /** Tells a socket about one job: its full state first, then what happens. */
  follow(id: string, socket: WebSocket): void
  /** Tells a socket about all jobs, from now on; no previews. */
  followAll(socket: WebSocket): void
}

type Limits = Slowness & { readonly heartbeatMs: number; readonly most: number }
const LIMITS: Limits = {
  heartbeatMs: 30_000,
  slowBytes: 256 * 1024,
  deadBytes: 4 * 1024 * 1024,
  most: 4096, // sockets; each costs some kilobytes
}
const CLOSE_GRACE_MS = 1000

interface Parts {
  readonly jobs: Jobs
  readonly views: JobViews
}

/** Listens to the queue until it is disposed, which closes all sockets. */
export function openJobSockets({ jobs, views }: Parts, changed: Partial<Limits> = {}): JobSockets {
  const limits = { ...LIMITS, ...changed }
  const ofAll = new Set<Follower>()
  const ofOne = new Map<string, Set<Follower>>()
  let count = 0
  let over = false

  /** False for a socket that is turned away. */
  function admit(socket: WebSocket): boolean {
    if (over) socket.close(CLOSED.goingAway, 'The server stops.')
    else if (count >= limits.most) socket.close(CLOSED.tooMany, 'Too many pages are open.')
    else {
      count++
      socket.on('close', () => count--)
      return true
    }
    return false
  }

  const watching = jobs.watch((event) => {
    const id = event.kind === 'changed' ? event.job.id : event.id
    const followers = ofOne.get(id) ?? []
    if (event.kind === 'preview') {
      for (const follower of followers) follower.sendPreview(event.preview)
    } else if (ofAll.size > 0 || ofOne.has(id)) {
      const text = encode(messageOf(event))
      for (const follower of followers) {
        if (event.kind === 'changed') follower.sendState(event.job.version, text)
        else if (event.kind === 'progress') follower.sendProgress(text)
        else follower.send(text)
      }
      for (const follower of ofAll) {
        if (event.kind === 'progress') follower.sendProgress(text)
        else follower.send(text)
      }
    }
  })

  type Told = Exclude<Parameters<Parameters<Jobs['watch']>[0]>[0], { kind: 'preview' }>
  function messageOf(event: Told): JobMessage {
    if (event.kind === 'changed') return stateOf(views.now(event.job))
    if (event.kind === 'removed') return { kind: 'removed', id: event.id }
    const { fraction, doing } = event.progress
    const etaMs = views.timeLeftMs(event.id, event.progress)
    const eta = etaMs === undefined ? {} : { etaMs }
    return { kind: 'progress', id: event.id, progress: { fraction, doing }, ...eta }
  }

  const all = () => [...ofAll, ...[...ofOne.values()].flatMap((followers) => [...followers])]
  const heart = setInterval(() => {
    for (const follower of all()) follower.beat()
  }, limits.heartbeatMs)
  heart.unref()

  async function begin(id: string, follower: Follower): Promise<void> {
    const job = await jobs.find(id)
    if (!job) return follower.close(CLOSED.unknownJob, 'There is no such job (any more).')
    const view = await views.of(job)
    const preview = await views.preview(id)
    if (preview) follower.sendPreview(preview)
    follower.begin(view.version, encode(stateOf(view)))
  }

  return {
    follow(id, socket) {
      if (!admit(socket)) return
      const follower = new Follower(socket, limits, true)
      const followers = ofOne.get(id) ?? new Set<Follower>()
      ofOne.set(id, followers.add(follower))
      socket.on('close', () => {
        followers.delete(follower)
        if (followers.size === 0 && ofOne.get(id) === followers) ofOne.delete(id)
      })
      begin(id, follower).catch((error: unknown) => {
        console.error(error)
        follower.close(CLOSED.failed, 'The server failed; its log says why.')
      })
    },
    followAll(socket) {
      if (!admit(socket)) return
      const follower = new Follower(socket, limits, false)
      ofAll.add(follower)
      socket.on('close', () => ofAll.delete(follower))
    },
    [Symbol.dispose]() {
      over = true
      watching[Symbol.dispose]()
      clearInterval(heart)
      const open = all()
      for (const follower of open) follower.close(CLOSED.goingAway, 'The server stops.')
      // One that does not answer would keep the process from ending.
      setTimeout(() => {
        for (const follower of open) follower.terminate()
      }, CLOSE_GRACE_MS).unref()
    },
  }
}

const encode = (message: JobMessage): string => JSON.stringify(message)
const stateOf = (job: JobView): JobMessage => ({ kind: 'state', id: job.id, job })

import { createMemo, createSignal, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import {
  cancelJob,
  findJob,
  forgetJob,
  type JobMessage,
  type JobStateName,
  type JobView,
  listJobs,
  retryJob,
} from '../edge/edge'
import { openSocket } from '../edge/socket'
import type { Notices } from '../ui/notices'
import { explain } from '../words/errors'
import { ACTIVE, isActive, nameOf } from './job-words'

export const FILTERS = {
  all: { label: 'All', states: undefined },
  active: { label: 'Active', states: ACTIVE },
  done: { label: 'Done', states: ['succeeded'] },
  failed: { label: 'Failed', states: ['failed', 'cancelled'] },
} as const satisfies Record<string, { label: string; states: readonly JobStateName[] | undefined }>
export type JobFilterName = keyof typeof FILTERS

export interface JobsState {
  phase: 'opening' | 'open' | 'absent'
  /** All jobs known here, newest first. */
  jobs: JobView[]
  filter: JobFilterName
  /** There are older ones of this filter, that come before this id. */
  next: string | undefined
  isConnected: boolean
}

const PAGE = 30
const UNDO_MS = 8000

export interface JobsParts {
  readonly notices: Notices
  readonly complain: (error: unknown) => void
  /** A job that was seen at work has ended. */
  readonly onEnded: (job: JobView) => void
}

/** The jobs of the server, as it tells of them: at once, on every device. Nothing else writes this store. */
export function createJobs({ notices, complain, onEnded }: JobsParts) {
  const [state, setState] = createStore<JobsState>({
    phase: 'opening',
    jobs: [],
    filter: 'all',
    next: undefined,
    isConnected: false,
  })
  /** Deleted here, and still to be deleted on the server while it can be taken back. */
  const [hidden, setHidden] = createSignal<ReadonlySet<string>>(new Set())
  const life = new AbortController()

  /** Of two views the newer one stays. */
  const put = (job: JobView) => {
    const at = state.jobs.findIndex(({ id }) => id === job.id)
    const known = state.jobs[at]
    if (known && known.version > job.version) return
    const hasEnded = known !== undefined && isActive(known) && !isActive(job)
    // In place, so that a row stays the same row, with its focus.
    if (known) setState('jobs', at, reconcile(job))
    else setState('jobs', (jobs) => [...jobs, job].sort((a, b) => b.addedMs - a.addedMs))
    if (hasEnded) onEnded(job)
  }
  const drop = (id: string) => setState('jobs', (jobs) => jobs.filter((job) => job.id !== id))

  const hear = (message: JobMessage) => {
    if (message.kind === 'state') return put(message.job)
    if (message.kind === 'removed') return drop(message.id)
    const at = state.jobs.findIndex(({ id }) => id === message.id)
    if (at < 0) return
    setState('jobs', at, 'progress', message.progress)
    setState('jobs', at, 'etaMs', message.etaMs)
  }

  let turn = 0
  /** The first page as it is now: what was missed while nothing was heard is made good. */
  const refresh = async () => {
    const mine = ++turn
    const { states } = FILTERS[state.filter]
    try {
      const [page, active] = await Promise.all([
        listJobs({ ...(states ? { states } : {}), limit: PAGE }, life.signal),
        listJobs({ states: ACTIVE, limit: 200 }, life.signal),
      ])
      if (mine !== turn) return
      forgetRemoved(page.jobs, page.next === undefined)
      for (const job of [...page.jobs, ...active.jobs]) put(job)
      setState({ phase: 'open', next: page.next })
    } catch {
      if (mine === turn && !life.signal.aborted) setState('phase', 'absent') // said for as long as it lasts
    }
  }
  /** What should be in the page and is not has been removed meanwhile. */
  const forgetRemoved = (page: readonly JobView[], isAll: boolean) => {
    const present = new Set(page.map(({ id }) => id))
    const oldestMs = isAll ? 0 : Math.min(...page.map(({ addedMs }) => addedMs))
    const gone = state.jobs.filter(
      (job) => isIn(job, state.filter) && job.addedMs >= oldestMs && !present.has(job.id) && !isActive(job),
    )
    for (const { id } of gone) drop(id)
  }
  const more = async () => {
    const before = state.next
    if (!before) return
    const { states } = FILTERS[state.filter]
    try {
      const page = await listJobs({ ...(states ? { states } : {}), before, limit: PAGE }, life.signal)
      for (const job of page.jobs) put(job)
      setState('next', page.next)
    } catch (error) {
      complain(error)
    }
  }

  const socket = openSocket('/ws/jobs', {
    opened: () => void refresh(),
    text: (text) => hear(JSON.parse(text) as JobMessage), // our own server's
    connected: (isConnected) => {
      setState('isConnected', isConnected)
      if (!isConnected && state.phase === 'opening') void refresh()
    },
  })
  onCleanup(() => {
    life.abort()
    socket[Symbol.dispose]()
  })

  const change = async (work: Promise<JobView>): Promise<void> => {
    try {
      put(await work)
    } catch (error) {
      notices.say('problem', explain(error))
      void refresh()
    }
  }

  /** Off the list at once; gone for good when it was not taken back. */
  const remove = (job: JobView) => {
    const show = () => {
      setHidden((ids) => new Set([...ids].filter((id) => id !== job.id)))
    }
    const timer = window.setTimeout(async () => {
      try {
        await forgetJob(job.id)
        drop(job.id)
      } catch (error) {
        complain(error)
      } finally {
        show()
      }
    }, UNDO_MS)
    setHidden((ids) => new Set([...ids, job.id]))
    const undo = () => {
      clearTimeout(timer)
      show()
    }
    const words = { title: `Deleted “${nameOf(job)}”`, text: '' }
    notices.say('info', words, { action: { label: 'Undo', run: undo }, forMs: UNDO_MS })
  }

  const visible = createMemo(() => state.jobs.filter(({ id }) => !hidden().has(id)))
  return {
    state,
    shown: createMemo(() => visible().filter((job) => isIn(job, state.filter))),
    active: createMemo(() => visible().filter(isActive)),
    find: (id: string) => visible().find((job) => job.id === id),
    /** Asks the server for one that is not known here. Rejects where it is not known there either. */
    load: async (id: string): Promise<void> => put(await findJob(id, life.signal)),
    put,
    hear,
    refresh,
    more,
    setFilter: (filter: JobFilterName) => {
      setState({ filter, next: undefined })
      void refresh()
    },
    cancel: (id: string) => change(cancelJob(id)),
    retry: (id: string) => change(retryJob(id)),
    remove,
  }
}

export type Jobs = ReturnType<typeof createJobs>

const isIn = ({ state }: JobView, filter: JobFilterName): boolean => {
  const states: readonly JobStateName[] | undefined = FILTERS[filter].states
  return states === undefined || states.includes(state)
}

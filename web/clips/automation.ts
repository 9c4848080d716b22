/** `globalThis.understudy.clips`: the clip page by script, for benches, tests and people who automate their studio. */
import { unwrap } from 'solid-js/store'
import type { Opened, StillFormat } from '../../workers/clip/clip-api'
import type { ClipJob } from '../../workers/clip/clip-job'
import type { JobStats } from '../../workers/clip/jobs-api'
import type { StoredLook } from '../settings/schema'
import type { Understudy } from '../understudy'
import type { DraftChanges } from './draft'

/** What can be set about a clip; anything left out is as a new clip has it. */
export type ClipChanges = DraftChanges & { readonly look?: Partial<StoredLook> }

export interface ClipsAutomation {
  /** Puts a file on the stage. Rejects with a named Error. */
  open(file: File): Promise<Opened>
  /** Changes the clip on the stage. */
  set(changes: ClipChanges): Promise<void>
  /** Sends a file to the queue, set like a new clip but for the changes; gives the job's id. */
  add(file: File, changes?: ClipChanges): Promise<string>
  /** Sends the clip on the stage to the queue; gives the job's id. */
  swap(): Promise<string>
  jobs(): Promise<readonly ClipJob[]>
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  retry(id: string): Promise<void>
  remove(id: string): Promise<void>
  move(id: string, beforeId?: string): Promise<void>
  /** The job as it is when it has ended, well or not, or paused. */
  waitFor(id: string): Promise<ClipJob>
  /** Where the time of a job went that has ended on this page. */
  stats(id: string): Promise<JobStats | undefined>
  /** What a finished job made. */
  result(id: string): Promise<File>
  /** People in the clip on the stage. */
  scan(): Promise<{
    readonly by: string
    readonly people: readonly { readonly id: string; readonly seenS: number; readonly sightings: number }[]
  }>
  /** Shows this moment, seconds on the clip's own clock; resolves with that of the picture when it is shown. */
  seek(timeS: number): Promise<number>
  /** The still, or the frame that is shown, swapped at its full size. */
  saveStill(format?: StillFormat): Promise<File>
}

export function clipsAutomation({ loadClips, restored }: Understudy): ClipsAutomation {
  const loaded = async () => {
    await restored // the character in use is known
    return loadClips()
  }
  const change = async (id: string, { look, ...changes }: ClipChanges) => {
    const { bin } = await loaded()
    bin.set(id, changes)
    if (look) bin.setLook(id, look)
  }
  const ended = new Set(['done', 'failed', 'paused'])

  return {
    async open(file) {
      const { take, viewer } = await loaded()
      await take([file])
      const { phase } = viewer.state
      if (phase.name === 'failed') throw phase.error
      if (phase.name !== 'open') throw new Error(`The clip is not open: ${phase.name}`)
      return structuredClone(unwrap(phase.opened))
    },
    async set(changes) {
      const { bin } = await loaded()
      await change(bin.state.currentId, changes)
    },
    async add(file, changes = {}) {
      const { prepare, swap } = await loaded()
      const id = prepare(file)
      await change(id, changes)
      return sent(await swap(id, new AbortController().signal))
    },
    async swap() {
      const { bin, swap } = await loaded()
      return sent(await swap(bin.state.currentId, new AbortController().signal))
    },
    async jobs() {
      const { queue } = await loaded()
      await queue.wake()
      return queue.jobs().map((job) => ({ ...unwrap(job) }))
    },
    pause: async (id) => (await loaded()).queue.pause(id),
    resume: async (id) => (await loaded()).resume(id),
    retry: async (id) => (await loaded()).retry(id),
    remove: async (id) => (await loaded()).queue.remove(id),
    move: async (id, beforeId) => (await loaded()).queue.move(id, beforeId),
    async waitFor(id) {
      const { queue } = await loaded()
      await queue.wake()
      for (;;) {
        const job = queue.jobs().find((each) => each.id === id)
        if (!job) throw new Error('There is no such job.')
        if (ended.has(job.state.name)) return { ...unwrap(job) }
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    stats: async (id) => (await loaded()).queue.stats(id),
    async result(id) {
      const { queue, results } = await loaded()
      const state = queue.jobs().find((job) => job.id === id)?.state
      if (state?.name !== 'done') throw new Error('This job is not finished.')
      return results.file(state.libraryId)
    },
    async scan() {
      const { scanPeople, current } = await loaded()
      await scanPeople()
      const scan = current()?.scan
      if (!scan) throw new Error('The scan was given up.')
      const people = scan.people.map(({ id, seenS, sightings }) => ({
        id,
        seenS,
        sightings: sightings.length,
      }))
      return { by: scan.by, people }
    },
    async seek(timeS) {
      const { viewer } = await loaded()
      await viewer.seekNow(timeS)
      return viewer.state.shownS
    },
    async saveStill(format = 'image/png') {
      return (await loaded()).saveStill(format)
    },
  }
}

function sent(job: ClipJob | undefined): string {
  if (!job) throw new Error('Nothing was sent: consent is not given.')
  return job.id
}

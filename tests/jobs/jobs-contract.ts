/** What a queue of jobs must do, whatever keeps it. Both queues call this. */
import { expect, test } from 'vitest'
import type { Prompt } from '../../edge-server/jobs/job'
import { claims } from './contract/claims'
import { claimed, drive, promptId, request } from './contract/driving'
import { moves } from './contract/moves'
import { news } from './contract/news'
import { queue } from './contract/queue'
import { wishes } from './contract/wishes'
import type { Place } from './jobs-place'

/** `openPlace` makes an empty place for jobs. */
export function jobsContract(openPlace: () => Promise<Place>): void {
  moves(openPlace)
  queue(openPlace)
  claims(openPlace)
  wishes(openPlace)
  news(openPlace)

  test('all is there again after every server closed', async () => {
    await using place = await openPlace()
    const jobs = await place.open()
    const prompts: Prompt[] = ['a', 'b'].map((id) => ({ box: 'attic: 2', promptId: id }))
    for (const prompt of prompts) await jobs.abandoned.add(prompt)
    await jobs.abandoned.add({ box: 'cellar', promptId: 'c' })
    await jobs.abandoned.add({ box: 'cellar', promptId: 'c' })
    const { job } = await jobs.add(request, 'key')
    await drive(await claimed(jobs, job), 'fetching')
    const { job: second } = await jobs.add(request)
    await jobs.close()

    const again = await place.open()
    expect((await again.list({ limit: 9 })).map(({ id }) => id)).toEqual([second.id, job.id])
    expect((await again.add(request, 'key')).isNew).toBe(false)
    expect((await again.claim())?.job.state).toEqual({ name: 'fetching', prompt: { box: 'attic', promptId } })
    expect((await again.claim())?.job).toEqual(second)
    expect(await again.abandoned.on('attic: 2')).toEqual(['a', 'b'])
    expect(await again.abandoned.on('cellar')).toEqual(['c'])
    expect(await again.abandoned.on('roof')).toEqual([])
    await again.abandoned.remove(prompts[0] as Prompt)
    await again.abandoned.remove(prompts[0] as Prompt)
    expect(await again.abandoned.on('attic: 2')).toEqual(['b'])
  })
}

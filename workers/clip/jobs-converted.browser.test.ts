/** Jobs of clips that no browser reads. */
import { expect, inject, test } from 'vitest'
import { removeItem } from '../library/library'
import { isOver, openJobThread, settingsFor } from './testing/job-thread'
import { readResult } from './testing/read-result'

const { avi } = inject('clips')

test.runIf(avi)('a converted clip goes on after a crash without being converted again', async () => {
  const file = new File([await (await fetch(`/@fs${avi!.path}`)).blob()], 'clip.avi')
  const first = await openJobThread()
  const { id } = await first.add(file, await settingsFor({ kind: 'mp4', quality: 'medium' }))
  await first.when(id, ({ progress }) => progress?.phase === 'swapping' && progress.frames > 5)
  expect(first.events.some((event) => event.name === 'job' && event.job.progress?.phase === 'reading')).toBe(
    true,
  )
  first.kill()

  using second = await openJobThread()
  await second.api.resume(id)
  const { state } = await second.when(id, isOver)
  if (state.name !== 'done') throw new Error(`It is ${JSON.stringify(state)}.`)
  // It tells how far it was before; converting again would begin at 0.
  const reading = second.events.flatMap((event) =>
    event.name === 'job' && event.job.progress?.phase === 'reading' ? [event.job.progress.done] : [],
  )
  expect(new Set(reading).size).toBeLessThanOrEqual(1)
  expect(reading).not.toContain(0)
  const { frames } = await readResult(state.libraryId)
  const [start = 0] = avi!.times
  expect(frames.map(({ timeS }) => timeS - frames[0]!.timeS)).toEqual(
    avi!.times.map((time) => expect.closeTo(time - start, 4)),
  )
  await removeItem(state.libraryId)
  await second.api.remove(id)
})

/**
 * Another server for tests: claims one job, brings it to 'running', says so, and then works on until it is killed.
 * Its answers are lines: "held ID", "lost", "cancelled", and for each line that it reads a move: "moved STATE" or the error's name.
 */
import { createInterface } from 'node:readline'
import { openRedisJobs } from '../../edge-server/jobs/redis-jobs'
import { openSqliteJobs } from '../../edge-server/jobs/sqlite-jobs'

const [kind, where = '', lease, prefix = ''] = process.argv.slice(2)
const leaseMs = Number(lease)
const jobs =
  kind === 'redis' ? await openRedisJobs(where, { prefix, leaseMs }) : openSqliteJobs(where, { leaseMs })

let claim = await jobs.claim()
while (!claim) {
  await new Promise((resolve) => setTimeout(resolve, 20))
  claim = await jobs.claim()
}
const { job, lost, cancelled } = claim
if (job.state.name === 'queued') {
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'box' })
  await claim.move({ kind: 'submit', promptId: 'b0ae3c2e-0f4c-4e0b-9f38-5f2d4a1c7e11' })
}
lost.addEventListener('abort', () => console.log('lost'))
cancelled.addEventListener('abort', () => console.log('cancelled'))
console.log(`held ${job.id}`)

for await (const _ of createInterface({ input: process.stdin })) {
  const outcome = await claim.move({ kind: 'fetch' }).then(
    ({ state }) => `moved ${state.name}`,
    (error: Error) => error.name,
  )
  console.log(outcome)
}

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { jobsContract } from '../../tests/jobs/jobs-contract'
import { makePlace } from '../../tests/jobs/jobs-place'
import { noRedis, type RedisServer, startRedis } from '../../tests/jobs/redis-server'
import { openRedisJobs } from './redis-jobs'

let redis: RedisServer
beforeAll(async () => {
  if (!noRedis) redis = await startRedis({ keeps: true })
})
afterAll(() => redis?.[Symbol.asyncDispose]())

async function openPlace() {
  const prefix = `{${randomUUID()}}`
  return makePlace(
    (leaseMs) => openRedisJobs(redis.url, leaseMs === undefined ? { prefix } : { prefix, leaseMs }),
    (leaseMs) => ['redis', redis.url, String(leaseMs), prefix],
    async () => {},
  )
}

describe.skipIf(noRedis)(`in Redis${noRedis ? `, skipped: ${noRedis}` : ''}`, () => jobsContract(openPlace))

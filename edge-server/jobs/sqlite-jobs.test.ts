import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { jobsContract } from '../../tests/jobs/jobs-contract'
import { makePlace } from '../../tests/jobs/jobs-place'
import { openSqliteJobs } from './sqlite-jobs'

async function openPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-jobs-'))
  const file = join(folder, 'jobs.sqlite')
  return makePlace(
    async (leaseMs) => openSqliteJobs(file, leaseMs === undefined ? {} : { leaseMs }),
    (leaseMs) => ['sqlite', file, String(leaseMs)],
    () => rm(folder, { recursive: true, force: true }),
  )
}

describe('in SQLite', () => jobsContract(openPlace))

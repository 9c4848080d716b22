/** A job as it is read back from wherever it was kept. */
import * as v from 'valibot'
import { type Job, QUALITY_TIERS } from './job'

const Prompt = v.object({ box: v.string(), promptId: v.string() })
const Missing = v.object({ kind: v.picklist(['node', 'model']), name: v.string(), how: v.string() })
const Waiting = v.object({ reason: v.string(), missing: v.exactOptional(v.array(Missing)) })
const Result = v.object({ output: v.string(), file: v.string(), type: v.string(), bytes: v.number() })
const JobError = v.object({
  name: v.picklist([
    'BoxRefused',
    'BoxFailed',
    'BoxLost',
    'InputGone',
    'WorkflowGone',
    'NoResult',
    'DiskFull',
    'Interrupted',
    'Internal',
  ]),
  message: v.string(),
  missing: v.exactOptional(v.array(Missing)),
})

const State = v.variant('name', [
  v.object({ name: v.literal('queued'), waiting: v.exactOptional(Waiting), notBeforeMs: v.number() }),
  v.object({ name: v.literal('preparing') }),
  v.object({ name: v.literal('uploading'), box: v.string() }),
  v.object({ name: v.literal('running'), prompt: Prompt }),
  v.object({ name: v.literal('fetching'), prompt: Prompt }),
  v.object({ name: v.literal('succeeded'), results: v.array(Result) }),
  v.object({ name: v.literal('failed'), error: JobError }),
  v.object({ name: v.literal('cancelled') }),
])

const JobRecord = v.object({
  id: v.pipe(v.string(), v.uuid()),
  request: v.object({
    workflow: v.string(),
    tier: v.picklist(QUALITY_TIERS),
    inputs: v.record(v.string(), v.string()),
    parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
    sentence: v.string(),
  }),
  state: State,
  version: v.number(),
  submissions: v.number(),
  cancelRequested: v.boolean(),
  addedMs: v.number(),
  changedMs: v.number(),
  startedMs: v.optional(v.number()),
  endedMs: v.optional(v.number()),
})

/** Throws an Error named JobUnreadableError where this is not a job as we write them. */
export function parseJob(record: unknown): Job {
  const { success, output, issues } = v.safeParse(JobRecord, record)
  if (!success) {
    const { message } = issues[0]
    throw Object.assign(
      new Error(`A job that was kept cannot be read: ${v.getDotPath(issues[0])}: ${message}`),
      {
        name: 'JobUnreadableError',
      },
    )
  }
  const { startedMs, endedMs, ...rest } = output
  return { ...rest, startedMs, endedMs }
}

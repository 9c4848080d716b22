import { Hono } from 'hono'
import type { JobViews } from '../api/job-views'
import { smallJson } from '../api/json-body'
import { describes, takes } from '../api/route'
import { IdempotencyKey, JobView, NewJob } from '../api/schemas'
import { Refusal } from '../errors'
import type { Files } from '../files/files'
import type { JobRequest } from '../jobs/job'
import type { Jobs } from '../jobs/jobs'
import type { Workflow, Workflows } from '../workflows/workflow'

interface Parts {
  readonly jobs: Jobs
  readonly workflows: Workflows
  readonly files: Files
  readonly views: JobViews
}

/** Queues work for a box. The same Idempotency-Key again answers with the job it made. */
export const generateRoutes = ({ jobs, workflows, files, views }: Parts) =>
  new Hono().post(
    '/',
    describes({
      summary: 'Queue a job',
      tag: 'jobs',
      answers: { 202: JobView, 200: JobView },
      refuses: [400, 404, 413, 415],
    }),
    smallJson,
    takes('header', IdempotencyKey),
    takes('json', NewJob),
    async (c) => {
      const asked = c.req.valid('json')
      const workflow = workflows.find(asked.workflow)
      if (!workflow) throw new Refusal(404, 'NotFound', `There is no workflow "${asked.workflow}" here.`)
      const request = workflow.check(asked)
      await expectInputs(request, workflow, files)
      const { job, isNew } = await jobs.add(request, c.req.valid('header')['idempotency-key'])
      return c.json(await views.of(job), isNew ? 202 : 200)
    },
  )

/** Every input is the id of a stored file of the right kind. */
async function expectInputs({ inputs }: JobRequest, { card }: Workflow, files: Files): Promise<void> {
  const faults: string[] = []
  for (const { name, label, kind } of card.inputs) {
    const id = inputs[name]
    if (id === undefined) continue
    const file = await files.find(id)
    if (!file) faults.push(`The file for "${label}" is not here any more: add it again.`)
    else if (file.kind !== kind)
      faults.push(`"${label}" wants ${aKind(kind)}, and this is ${aKind(file.kind)}.`)
  }
  if (faults.length > 0) throw new Refusal(400, 'BadRequest', faults.join(' '))
}

const aKind = (kind: string): string => ({ image: 'a picture', video: 'a video' })[kind] ?? 'sound'

import { Hono } from 'hono'
import { firstImage } from '../api/job-view'
import type { JobViews } from '../api/job-views'
import { describes, takes } from '../api/route'
import { CancelQuery, JobId, JobList, JobsQuery, JobView, ResultQuery } from '../api/schemas'
import { sendPreview, sendStored } from '../api/stored-file'
import type { Thumbnails } from '../api/thumbnails'
import { Refusal } from '../errors'
import type { Files } from '../files/files'
import { isEnded, type Job, type JobResult } from '../jobs/job'
import type { Jobs } from '../jobs/jobs'
import type { Workflows } from '../workflows/workflow'

interface Parts {
  readonly jobs: Jobs
  readonly workflows: Workflows
  readonly files: Files
  readonly views: JobViews
  readonly thumbnails: Thumbnails
}

/** The jobs: how they are, ending and repeating them, and what came out. */
export const jobRoutes = ({ jobs, workflows, files, views, thumbnails }: Parts) =>
  new Hono()
    .get(
      '/',
      describes({ summary: 'Jobs, newest first', tag: 'jobs', answers: { 200: JobList }, refuses: [400] }),
      takes('query', JobsQuery),
      async (c) => {
        const { state, before, limit } = c.req.valid('query')
        // One more than asked for tells whether there is a next page.
        const filter = {
          limit: limit + 1,
          ...(state ? { states: state } : {}),
          ...(before ? { before } : {}),
        }
        const found = await jobs.list(filter)
        const shown = await Promise.all(found.slice(0, limit).map((job) => views.of(job)))
        const next = found.length > limit ? shown.at(-1)?.id : undefined
        return c.json({ jobs: shown, ...(next === undefined ? {} : { next }) }, 200)
      },
    )
    .get(
      '/:id',
      describes({ summary: 'One job', tag: 'jobs', answers: { 200: JobView }, refuses: [400, 404] }),
      takes('param', JobId),
      async (c) => c.json(await views.of(found(await jobs.find(c.req.valid('param').id))), 200),
    )
    .delete(
      '/:id',
      describes({
        summary:
          'Cancel a job: at once where it is queued (200), else it is asked to end (202). With forget, remove one that ended',
        tag: 'jobs',
        answers: { 200: JobView, 202: JobView },
        refuses: [400, 404, 409],
      }),
      takes('param', JobId),
      takes('query', CancelQuery),
      async (c) => {
        const { id } = c.req.valid('param')
        const forget = c.req.valid('query').forget === 'true'
        const job = found(await (forget ? jobs.remove(id).catch(conflict) : jobs.cancel(id)))
        return c.json(await views.of(job), isEnded(job) ? 200 : 202)
      },
    )
    .post(
      '/:id/retry',
      describes({
        summary: 'Queue a failed or cancelled job again',
        tag: 'jobs',
        answers: { 202: JobView },
        refuses: [400, 404, 409],
      }),
      takes('param', JobId),
      async (c) => {
        const job = found(await jobs.retry(c.req.valid('param').id).catch(conflict))
        return c.json(await views.of(job), 202)
      },
    )
    .get(
      '/:id/result',
      describes({
        summary: 'What came out: the named output, or the first. Answers ranges',
        tag: 'jobs',
        answers: { 200: '*/*', 206: '*/*' },
        refuses: [400, 404, 409, 416],
      }),
      takes('param', JobId),
      takes('query', ResultQuery),
      async (c) => {
        const { output, download } = c.req.valid('query')
        const job = found(await jobs.find(c.req.valid('param').id))
        const { file: id, type, bytes } = resultOf(job, output)
        if (!(await files.find(id))) {
          throw new Refusal(
            404,
            'NotFound',
            'This result was removed to make room. Run the job again to get it back.',
          )
        }
        const file = { id, type, bytes, saveAs: nameOf(job, type), download: download === 'true' }
        return sendStored(c, files, { ...file, caching: 'private, no-cache' })
      },
    )
    .get(
      '/:id/thumbnail',
      describes({
        summary: 'A small picture: the last preview, else the first picture the job was given',
        tag: 'jobs',
        answers: { 200: 'image/*' },
        refuses: [400, 404],
      }),
      takes('param', JobId),
      async (c) => {
        const job = found(await jobs.find(c.req.valid('param').id))
        const caching = 'private, no-cache'
        const preview = await thumbnails.read(job.id)
        if (preview) return sendPreview(c, preview, caching)
        const id = firstImage(job.request, workflows)
        const file = id === undefined ? undefined : await files.find(id)
        if (!file) throw new Refusal(404, 'NotFound', 'There is no picture of this job.')
        return sendStored(c, files, { ...file, saveAs: 'picture', download: false, caching })
      },
    )

function found(job: Job | undefined): Job {
  if (!job) throw new Refusal(404, 'NotFound', 'There is no such job (any more).')
  return job
}

/** What cannot be done in the state a job is in. */
function conflict(error: unknown): never {
  if (error instanceof Error && error.name === 'IllegalMoveError')
    throw new Refusal(409, 'Conflict', error.message)
  throw error
}

function resultOf({ state }: Job, output: string | undefined): JobResult {
  if (state.name === 'failed') throw new Refusal(409, 'Conflict', 'This job failed, so there is no result.')
  if (state.name === 'cancelled')
    throw new Refusal(409, 'Conflict', 'This job was cancelled, so there is no result.')
  if (state.name !== 'succeeded')
    throw new Refusal(409, 'Conflict', `This job is ${state.name}: its result is not there yet.`)
  const result = output === undefined ? state.results[0] : state.results.find((one) => one.output === output)
  if (!result) throw new Refusal(404, 'NotFound', 'This job has no such result.')
  return result
}

/** A name to save a result under. All of it is ours: nothing that a person typed, no sign that a header could trip over. */
function nameOf({ id, request }: Job, type: string): string {
  const plain = (text: string) => text.replace(/[^\w-]/g, '')
  const ending = ENDINGS[type] ?? 'bin'
  return `${plain(request.workflow)}-${plain(id).slice(0, 8)}.${ending}`
}

const ENDINGS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
}

/** The typed client of our own server: what it can be asked, and its refusals as Errors with a name. */
import { hc, type InferRequestType } from 'hono/client'
import type {
  BoxView,
  JobMessage,
  JobView,
  PromptView,
  Readiness,
  WorkflowView,
} from '../../edge-server/api/schemas'
import type { App } from '../../edge-server/app'
import { problem } from '../words/errors'
import { refusalOf } from './refusals'

export type { BoxView, JobMessage, JobView, PromptView, Readiness, WorkflowView }
export type JobStateName = JobView['state']
export type Tier = JobView['tier']
export type MissingPart = NonNullable<NonNullable<JobView['waiting']>['missing']>[number]

export const { api } = hc<App>('/')

export type NewJob = InferRequestType<typeof api.generate.$post>['json']
export type Question = InferRequestType<typeof api.prompt.parse.$post>['json']

/** An answer of which only the good kind is given on. Rejects with a `ServerAbsentError`, or in the server's own words. */
export async function answered<T>(asking: Promise<{ readonly ok: boolean; json(): Promise<T> }>): Promise<T> {
  const response = (await asking.catch((error) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw problem('ServerAbsentError')
  })) as Response // what hc gives is one, with fewer words
  if (!response.ok) throw refusalOf(response.status, await response.text())
  return (await response.json()) as T // the server checks what it answers against the same types
}

const until = (signal?: AbortSignal) => (signal ? { init: { signal } } : {})

export const askBoxes = async (signal: AbortSignal): Promise<readonly BoxView[]> =>
  (await answered(api.boxes.$get({}, until(signal)))).boxes

/** Has the server ask its boxes now: what was installed a moment ago is there then. */
export const lookAtBoxes = async (signal: AbortSignal): Promise<readonly BoxView[]> =>
  (await answered(api.boxes.look.$post({}, until(signal)))).boxes

/** The workflows, and what is wrong with files of a user's own that are none. */
export const askWorkflows = (signal: AbortSignal) => answered(api.workflows.$get({}, until(signal)))

/** Which workflow a sentence asks for, and why. */
export const parseSentence = (json: Question, signal: AbortSignal): Promise<PromptView> =>
  answered(api.prompt.parse.$post({ json }, until(signal)))

/** Queues a job. The same key again gives the job that it made. */
export const addJob = (json: NewJob, key: string, signal: AbortSignal): Promise<JobView> =>
  answered(api.generate.$post({ json, header: { 'idempotency-key': key } }, until(signal)))

export interface JobPage {
  readonly jobs: readonly JobView[]
  /** What to ask `before` for the next page; undefined on the last one. */
  readonly next?: string | undefined
}

/** Newest first. */
export const listJobs = (
  filter: { readonly states?: readonly JobStateName[]; readonly before?: string; readonly limit: number },
  signal?: AbortSignal,
): Promise<JobPage> => {
  const { states, before, limit } = filter
  const query = {
    limit: String(limit),
    ...(states ? { state: states.join(',') } : {}),
    ...(before === undefined ? {} : { before }),
  }
  return answered(api.jobs.$get({ query }, until(signal)))
}

export const findJob = (id: string, signal?: AbortSignal): Promise<JobView> =>
  answered(api.jobs[':id'].$get({ param: { id } }, until(signal)))

/** Ends a job, on its box too. */
export const cancelJob = (id: string): Promise<JobView> =>
  answered(api.jobs[':id'].$delete({ param: { id }, query: {} }))

/** Removes an ended job and its results. */
export const forgetJob = (id: string): Promise<JobView> =>
  answered(api.jobs[':id'].$delete({ param: { id }, query: { forget: 'true' } }))

/** Queues a failed or cancelled job again. */
export const retryJob = (id: string): Promise<JobView> =>
  answered(api.jobs[':id'].retry.$post({ param: { id } }))

/** Whether the server still keeps a file. */
export const hasFile = async (id: string, signal: AbortSignal): Promise<boolean> => {
  const response = await fetch(fileUrl(id), { method: 'HEAD', signal })
  return response.ok
}

export const fileUrl = (id: string): string => `/api/files/${encodeURIComponent(id)}`

/** The same result, as a download under a name of its own. */
export const downloadUrl = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}download=true`

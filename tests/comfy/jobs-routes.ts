/** The newer interface of jobs, which 0.3.64 does not have (07_interrupt_running, 01_image, 03_video, 05_exec_error). */
import type { HistoryEntry, PromptQueue } from './prompt-queue'

type Answer = readonly [status: number, body: unknown]

export function jobs(queue: PromptQueue, query: URLSearchParams): Answer {
  const wanted = query.get('status')?.split(',')
  const all = [
    ...queue.pending.map(({ id }) => summary(queue, id)),
    ...(queue.running ? [summary(queue, queue.running.id)] : []),
    ...[...queue.history.keys()].reverse().map((id) => summary(queue, id)),
  ].filter((job) => job !== undefined && (!wanted || wanted.includes(String(job.status))))
  const limit = query.has('limit') ? Number(query.get('limit')) : null
  const shown = limit === null ? all : all.slice(0, limit)
  return [
    200,
    { jobs: shown, pagination: { offset: 0, limit, total: all.length, has_more: shown.length < all.length } },
  ]
}

export function job(queue: PromptQueue, id: string): Answer {
  const short = summary(queue, id)
  if (!short) return [404, { error: 'Job not found' }]
  const entry = queue.history.get(id)
  if (!entry) return [200, short]
  const [, , graph, extra] = entry.prompt
  return [
    200,
    {
      ...short,
      outputs: entry.outputs,
      execution_status: entry.status,
      workflow: { prompt: graph, extra_data: extra },
    },
  ]
}

export function cancelJob(queue: PromptQueue, id: string): Answer {
  if (queue.running?.id === id) {
    queue.interrupt()
    queue.tellStatus()
    return [200, { cancelled: true }]
  }
  return [200, { cancelled: queue.delete(id) }]
}

export function cancelJobs(queue: PromptQueue, body: string): Answer {
  const ids: string[] = JSON.parse(body).job_ids
  const invalid = ids.filter((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
  if (invalid.length > 0) return [400, { error: 'job_ids contains invalid id(s)', invalid_ids: invalid }]
  const cancelled = ids
    .map((id) => cancelJob(queue, id))
    .some(([, answer]) => (answer as { cancelled: boolean }).cancelled)
  return [200, { cancelled }]
}

function summary(queue: PromptQueue, id: string): Record<string, unknown> | undefined {
  const waiting = queue.running?.id === id ? queue.running : queue.pending.find((prompt) => prompt.id === id)
  const entry = queue.history.get(id)
  if (waiting) {
    const status = waiting === queue.running ? 'in_progress' : 'pending'
    return { id, status, priority: waiting.number, create_time: waiting.extra.create_time, outputs_count: 0 }
  }
  return entry && ended(id, entry)
}

function ended(id: string, { prompt, outputs, status }: HistoryEntry): Record<string, unknown> {
  const [number, , , extra] = prompt as [number, string, unknown, { create_time?: number }] // as the queue writes them
  const messages = status.messages as [string, { timestamp: number }][] // as above
  const last = messages.at(-1)
  const preview = firstFile(outputs)
  return {
    id,
    status: status.completed ? 'completed' : last?.[0] === 'execution_interrupted' ? 'cancelled' : 'failed',
    priority: number,
    create_time: extra.create_time,
    execution_start_time: messages[0]?.[1].timestamp,
    execution_end_time: last?.[1].timestamp,
    ...(last?.[0] === 'execution_error' ? { execution_error: last[1] } : {}),
    outputs_count: Object.keys(outputs).length,
    ...(preview ? { preview_output: preview } : {}),
  }
}

function firstFile(outputs: HistoryEntry['outputs']): Record<string, unknown> | undefined {
  for (const [nodeId, output] of Object.entries(outputs)) {
    for (const [mediaType, list] of Object.entries(output as Record<string, unknown>)) {
      const file = Array.isArray(list) ? list[0] : undefined
      if (typeof file === 'object' && 'filename' in file) return { ...file, nodeId, mediaType }
    }
  }
  return undefined
}

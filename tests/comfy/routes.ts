/** The stand-in's HTTP interface: the same routes, statuses, headers and bodies as the recorded servers. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BoxFiles } from './box-files'
import { features } from './box-sockets'
import { cancelJob, cancelJobs, job, jobs } from './jobs-routes'
import { type NodeTable, objectInfoJson } from './node-info'
import type { RawGraph, Version } from './prompt-problems'
import type { PromptQueue } from './prompt-queue'
import type { QueuedPrompt } from './run-prompt'
import { receiveUpload } from './upload-route'
import { type Verdict, validatePrompt } from './validate-prompt'
import { view } from './view-route'

interface RouteParts {
  readonly version: Version
  readonly queue: PromptQueue
  readonly files: BoxFiles
  readonly nodes: NodeTable
}

export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  parts: RouteParts,
): Promise<void> {
  const { method = 'GET' } = request
  const url = new URL(request.url ?? '/', 'http://box')
  if (isForeign(request, parts.version)) return empty(response, 403)
  // Every route has a second name under /api (00_basics).
  const path = url.pathname.replace(/^\/api(?=\/(?!jobs))/, '')
  const [, head = '', id = ''] = path.split('/')

  if (path === '/')
    return text(response, 200, '<!doctype html><title>ComfyUI (no frontend)</title>\n', 'text/html')
  if (path.startsWith('/api/jobs') && parts.version === '0.26.0') return jobsRoute()
  if (method === 'OPTIONS') return empty(response, 200)
  switch (`${method} /${head}`) {
    case 'GET /system_stats':
      return json(response, 200, systemStats(parts.version))
    case 'GET /features':
      return json(response, 200, features(parts.version))
    case 'GET /object_info': {
      const info = objectInfoJson(parts.nodes, parts.files.inputs())
      return json(response, 200, id ? (info[id] ? { [id]: info[id] } : {}) : info)
    }
    case 'GET /embeddings':
    case 'GET /extensions':
      return json(response, 200, [])
    case 'GET /models':
      return id === 'nope'
        ? empty(response, 404)
        : json(response, 200, id ? [] : ['vae', 'loras', 'diffusion_models'])
    case 'GET /queue':
      return json(response, 200, {
        queue_running: parts.queue.running ? [item(parts.queue.running)] : [],
        queue_pending: parts.queue.pending.map(item),
      })
    case 'GET /prompt':
      return json(response, 200, { exec_info: { queue_remaining: parts.queue.remaining } })
    case 'GET /history': {
      if (id)
        return json(response, 200, Object.fromEntries([...parts.queue.history].filter(([key]) => key === id)))
      const all = [...parts.queue.history]
      const most = Number(url.searchParams.get('max_items') ?? all.length)
      return json(response, 200, Object.fromEntries(all.slice(all.length - most)))
    }
    case 'GET /view':
    case 'HEAD /view':
      return view(request, response, url.searchParams, parts.files)
    case 'POST /upload':
      return receiveUpload(request, response, parts.files)
    case 'POST /prompt':
      return submit(await readBody(request), response, parts)
    case 'POST /queue':
    case 'POST /history':
    case 'POST /interrupt':
    case 'POST /free':
      return change(head, await readBody(request), response, parts.queue)
    case 'PUT /prompt':
      response.setHeader('Allow', 'GET,HEAD,POST')
      return text(response, 405, '405: Method Not Allowed')
    default:
      return unknown(response)
  }

  async function jobsRoute(): Promise<void> {
    const [, , , jobId, verb] = path.split('/')
    const body = method === 'POST' ? await readBody(request) : ''
    if (method === 'POST' && jobId === 'cancel') return answer(cancelJobs(parts.queue, body))
    if (method === 'POST' && verb === 'cancel') return answer(cancelJob(parts.queue, jobId ?? ''))
    if (jobId) return answer(job(parts.queue, jobId))
    return answer(jobs(parts.queue, url.searchParams))
  }
  function answer([status, value]: readonly [number, unknown]): void {
    json(response, status, value)
  }
}

function submit(body: string, response: ServerResponse, { queue, nodes, files, version }: RouteParts) {
  const asked = parseJson(body)
  if (asked === undefined) return trouble(response)
  const number = queue.nextNumber()
  const { prompt: graph, client_id, prompt_id, extra_data, front, partial_execution_targets } = asked
  if (version === '0.26.0' && prompt_id !== undefined && !isUuid(prompt_id)) {
    // 11_prompt_ids
    return refuse({
      type: 'invalid_prompt_id',
      message: 'prompt_id must be a valid UUID',
      details:
        'prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one',
      extra_info: {},
    })
  }
  if (typeof graph !== 'object' || graph === null) {
    const message = 'No prompt provided'
    return refuse({ type: 'no_prompt', message, details: message, extra_info: {} })
  }
  const hasFile = (value: string) => files.named(value) !== undefined
  const known = { version, nodes, inputFiles: files.inputs(), hasFile }
  const targets = Array.isArray(partial_execution_targets) ? partial_execution_targets.map(String) : undefined
  const { error, outputs, nodeErrors } = validatePrompt(graph as RawGraph, known, targets) // whatever it is, that is checked there
  if (error) return refuse(error, nodeErrors)
  const clientId = typeof client_id === 'string' ? client_id : undefined
  const extra = {
    ...(typeof extra_data === 'object' ? extra_data : {}),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...(version === '0.26.0' ? { create_time: Date.now() } : {}),
  }
  const queued = queue.put(
    {
      graph: graph as RawGraph, // as above
      extra,
      outputs,
      clientId,
      id: typeof prompt_id === 'string' ? prompt_id : undefined,
      front: front === true,
    },
    number,
  )
  // 04_invalid: a good output runs although another is bad, and the answer says both.
  json(response, 200, { prompt_id: queued.id, number: queued.number, node_errors: nodeErrors })

  function refuse(problem: Verdict['error'], node_errors: Verdict['nodeErrors'] = {}) {
    json(response, 400, { error: problem, node_errors })
  }
}

function change(what: string, body: string, response: ServerResponse, queue: PromptQueue) {
  const asked = parseJson(body)
  // 00_basics: /free and the lists want a body; /interrupt without one hits whatever runs.
  if (asked === undefined && what !== 'interrupt') return trouble(response)
  const ids = Array.isArray(asked?.delete) ? asked.delete.map(String) : []
  if (what === 'queue') {
    if (asked?.clear === true) queue.clear()
    for (const id of ids) queue.delete(id)
  } else if (what === 'history') {
    if (asked?.clear === true) queue.history.clear()
    for (const id of ids) queue.history.delete(id)
  } else if (what === 'free') {
    if (asked?.free_memory === true) queue.forgetResults()
  } else if (asked?.prompt_id === undefined || asked.prompt_id === queue.running?.id) {
    queue.interrupt() // 07_interrupt_running: for another prompt than the running one it is ignored
  }
  empty(response, 200)
}

/** 00_basics: pages of other origins are refused on loopback; newer servers also believe what the browser says. */
function isForeign({ headers }: IncomingMessage, version: Version): boolean {
  if (version === '0.26.0' && headers['sec-fetch-site'] === 'cross-site') return true
  return headers.origin !== undefined && new URL(headers.origin).host !== headers.host
}

/** [number, id, prompt, extra_data, outputs] (24_savevideo_both_forms). */
function item({ number, id, graph, extra, outputs }: QueuedPrompt): unknown[] {
  return [number, id, graph, extra, outputs]
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}

function systemStats(version: Version) {
  const system = {
    os: version === '0.26.0' ? 'linux' : 'posix',
    ram_total: 25_276_510_208,
    ram_free: 23_975_718_912,
    comfyui_version: version,
    python_version: '3.11.7',
    pytorch_version: '2.13.0+cpu',
    embedded_python: false,
    argv: ['main.py', '--cpu'],
  }
  return {
    system,
    devices: [
      { name: 'cpu', type: 'cpu', index: null, vram_total: 25_276_510_208, vram_free: 23_975_718_912 },
    ],
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function parseJson(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  text(response, status, JSON.stringify(value), 'application/json; charset=utf-8')
}

function text(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body)
}

function empty(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0 }).end()
}

/** What aiohttp says when a handler throws. */
export function trouble(response: ServerResponse): void {
  text(response, 500, '500 Internal Server Error\n\nServer got itself in trouble')
}

function unknown(response: ServerResponse): void {
  response
    .writeHead(404, { 'Content-Type': 'application/octet-stream', 'Transfer-Encoding': 'chunked' })
    .end()
}

/** What a browser asks of the server, without a browser. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import http from 'node:http'
import { PassThrough, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocket } from 'ws'
import { png, sample } from '../../tests/uploads/samples'
import { nowMs } from './clock'

const WORKFLOW = 'wan22_animate_mix'

export interface JobState {
  readonly id: string
  readonly state: string
  readonly error?: { readonly message: string }
  readonly waiting?: unknown
  readonly results: readonly { readonly url: string; readonly bytes: number }[]
}

export interface BenchClient extends AsyncDisposable {
  /** Queues a job with small files; `sentMs` is when it was asked for. */
  generate(): Promise<{ readonly id: string; readonly sentMs: number }>
  /** Resolves when the job has come to a state; rejects where it came to another end. */
  reached(id: string, state: string): Promise<JobState>
  /** From memory: how fast another device reads is not the server's. */
  upload(film: Uint8Array): Promise<void>
  /** The result's bytes, written to a file and synced, or thrown away. */
  download(url: string, path: string | undefined): Promise<number>
  socket(path: string): WebSocket
}

export async function openBenchClient(origin: string): Promise<BenchClient> {
  const agent = new http.Agent({ keepAlive: true })
  const states = new Map<string, JobState>()
  let changed: (() => void)[] = []
  const socket = (path: string) => new WebSocket(`${origin.replace('http', 'ws')}${path}`)
  const all = socket('/ws/jobs')
  all.on('message', (data) => {
    const { kind, id, job } = JSON.parse(String(data))
    if (kind !== 'state') return
    states.set(id, job)
    for (const look of changed.splice(0)) look()
  })
  await once(all, 'open')
  const image = await send('/api/upload/image', png({ bytes: 20_000, width: 64, height: 64 }), 'image/png')
  const video = await send('/api/upload/video', sample('a.mp4'), 'video/mp4')
  const inputs = await inputsOf(WORKFLOW, { image: image.id, video: video.id })

  async function ask(method: string, path: string, headers: http.OutgoingHttpHeaders, body: Uint8Array) {
    const request = http.request(`${origin}${path}`, { method, headers, agent })
    request.end(body)
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    return read(response)
  }

  async function send(path: string, bytes: Uint8Array, type: string): Promise<{ readonly id: string }> {
    const { head, tail, headers } = formOf(bytes.length, type)
    return ask('POST', path, headers, Buffer.concat([head, bytes, tail])) as Promise<{ id: string }>
  }

  async function inputsOf(workflow: string, files: Record<string, string>): Promise<Record<string, string>> {
    const { workflows } = (await (await fetch(`${origin}/api/workflows`)).json()) as {
      workflows: { id: string; inputs: { name: string; kind: string; required: boolean }[] }[]
    }
    const card = workflows.find(({ id }) => id === workflow)
    if (!card) throw new Error(`There is no workflow ${workflow}.`)
    const required = card.inputs.filter((input) => input.required)
    return Object.fromEntries(required.map(({ name, kind }) => [name, files[kind] ?? '']))
  }

  return {
    async generate() {
      const body = Buffer.from(
        JSON.stringify({ workflow: WORKFLOW, tier: 'fast', inputs, parameters: {}, sentence: 'bench' }),
      )
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
      const sentMs = nowMs()
      const { id } = (await ask('POST', '/api/generate', headers, body)) as { id: string }
      return { id, sentMs }
    },
    async reached(id, state) {
      for (;;) {
        const job = states.get(id)
        if (job?.state === state) return job
        if (job && ['succeeded', 'failed', 'cancelled'].includes(job.state)) {
          throw new Error(`The job is ${job.state}: ${JSON.stringify(job.error ?? job.waiting)}`)
        }
        await new Promise<void>((resolve) => changed.push(resolve))
      }
    },
    async upload(film) {
      const { head, tail, headers } = formOf(film.length, 'video/mp4')
      const request = http.request(`${origin}/api/upload/video`, { method: 'POST', headers, agent })
      const answered = once(request, 'response') as Promise<[http.IncomingMessage]>
      request.write(head)
      request.write(film)
      request.end(tail)
      const [response] = await answered
      await read(response)
      if (response.statusCode !== 201) throw new Error(`The upload was answered ${response.statusCode}.`)
    },
    async download(url, path) {
      const request = http.request(new URL(url, origin), { agent }).end()
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
      })
      const target: Writable =
        path === undefined
          ? new PassThrough().resume()
          : createWriteStream(path, { highWaterMark: 4 * 2 ** 20 })
      await pipeline(response, target)
      if (path !== undefined) await sync(path)
      return bytes
    },
    socket,
    async [Symbol.asyncDispose]() {
      all.terminate()
      agent.destroy()
      changed = []
    },
  }
}

/** A form with one file, around its bytes. */
function formOf(bytes: number, type: string) {
  const line = 'understudy-bench'
  const about = `Content-Disposition: form-data; name="file"; filename="bench"\r\nContent-Type: ${type}`
  const head = Buffer.from(`--${line}\r\n${about}\r\n\r\n`)
  const tail = Buffer.from(`\r\n--${line}--\r\n`)
  const headers = {
    'Content-Type': `multipart/form-data; boundary=${line}`,
    'Content-Length': head.length + bytes + tail.length,
  }
  return { head, tail, headers }
}

async function read(response: http.IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  if ((response.statusCode ?? 500) >= 300) throw new Error(`${response.statusCode}: ${text}`)
  return JSON.parse(text)
}

/** Waits until the bytes of a file are on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

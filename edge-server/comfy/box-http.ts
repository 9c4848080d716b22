/** HTTP to one box: every call has an end, every answer a limit, and nothing of a browser goes out (00_basics). */
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import * as v from 'valibot'
import { badAnswer, isBoxTrouble, unreachable } from './box-errors'

export interface Limits {
  /** For an answer to begin, and for a JSON answer to be complete. */
  readonly answerMs: number
  /** For the next bytes of an upload or download. */
  readonly stallMs: number
  /** After which a socket that is quiet while a prompt runs is opened anew. */
  readonly quietMs: number
  readonly jsonBytes: number
  readonly frameBytes: number
}

export const defaultLimits: Limits = {
  answerMs: 20_000,
  stallMs: 30_000,
  quietMs: 60_000,
  jsonBytes: 64 * 1024 * 1024, // a real /object_info is 0.6 MB, and some have thousands of nodes
  frameBytes: 32 * 1024 * 1024,
}

/** Where a box is. Credentials are taken out of its address, so that they are never shown. */
export interface BoxAddress {
  readonly url: string // without a slash at the end
  readonly authorization: string | undefined
}

export function parseAddress(text: string): BoxAddress {
  const url = new URL(text)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url: url.href.replace(/\/+$/, ''),
    authorization: username || password ? `Basic ${Buffer.from(pair).toString('base64')}` : undefined,
  }
}

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Writes the body and ends the request; rejects when it cannot. */
  readonly write?: (request: ClientRequest, signal: AbortSignal) => Promise<void>
  readonly answerMs?: number
}

export class BoxHttp {
  readonly name: string
  readonly address: BoxAddress
  readonly limits: Limits
  readonly #agent: Agent

  constructor(name: string, address: BoxAddress, limits: Limits) {
    this.name = name
    this.address = address
    this.limits = limits
    const isSecure = address.url.startsWith('https:')
    this.#agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: 16 })
  }

  /** The answer's JSON, as the schema has it. Statuses but 200 are bad answers. */
  async json<T>(ask: Ask, schema: v.GenericSchema<unknown, T>, signal: AbortSignal): Promise<T> {
    const { status, value } = await this.jsonOf(ask, signal)
    if (status !== 200) throw this.badStatus(status)
    return this.parse(schema, value)
  }

  parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
    const result = v.safeParse(schema, value)
    if (result.success) return result.output
    throw badAnswer(this.name, 'answered something that ComfyUI does not answer')
  }

  /** The answer's status and JSON; undefined where it has none. */
  async jsonOf(ask: Ask, signal: AbortSignal): Promise<{ status: number; value: unknown }> {
    return this.#within(ask.answerMs ?? this.limits.answerMs, signal, async (limited) => {
      const answer = await this.#begin(ask, limited)
      const status = answer.statusCode ?? 0
      const text = await this.#text(answer, limited)
      const isJson = answer.headers['content-type']?.startsWith('application/json') === true
      // What is no success may be told in any form; a proxy's page, or aiohttp's one line.
      if (text === '' || (!isJson && status !== 200)) return { status, value: undefined }
      if (!isJson) throw badAnswer(this.name, 'answered no JSON; is it a ComfyUI server?')
      try {
        return { status, value: JSON.parse(text) }
      } catch {
        throw badAnswer(this.name, 'answered malformed JSON')
      }
    })
  }

  /** An answer whose body is the caller's to read or destroy. It is the caller who limits the time of that. */
  async stream(ask: Ask, signal: AbortSignal): Promise<IncomingMessage> {
    return this.#within(ask.answerMs ?? this.limits.answerMs, signal, (limited) => this.#begin(ask, limited))
  }

  close(): void {
    this.#agent.destroy()
  }

  #begin(ask: Ask, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { url, authorization } = this.address
      const body = ask.json === undefined ? undefined : JSON.stringify(ask.json)
      const send = url.startsWith('https:') ? httpsRequest : httpRequest
      const method = ask.method ?? 'GET'
      const request = send(`${url}${ask.path}`, {
        method,
        headers: {
          ...(authorization === undefined ? {} : { Authorization: authorization }),
          ...(body === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
          ...ask.headers,
        },
        // What changes something goes over a connection of its own: one that was kept may just be closing, and nobody could tell then
        // whether the box has heard it.
        agent: method === 'GET' ? this.#agent : false,
        signal,
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted
        if (isStale && method === 'GET') resolve(this.#begin(ask, signal))
        else reject(error)
      })
      request.on('response', resolve)
      if (ask.write) ask.write(request, signal).catch((error: Error) => request.destroy(error))
      else request.end(body)
    })
  }

  async #text(answer: IncomingMessage, signal: AbortSignal): Promise<string> {
    const pieces: Buffer[] = []
    let bytes = 0
    const stop = () => answer.destroy(new Error('given up'))
    signal.addEventListener('abort', stop, { once: true })
    try {
      // Without an encoding its pieces are buffers.
      for await (const piece of answer as AsyncIterable<Buffer>) {
        bytes += piece.length
        if (bytes > this.limits.jsonBytes) throw badAnswer(this.name, 'answered far too much')
        pieces.push(piece)
      }
      return Buffer.concat(pieces).toString()
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** Gives a call its end. What fails in it is told in our words. */
  async #within<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const ending = new AbortController()
    const stop = () => ending.abort()
    const timer = setTimeout(stop, ms)
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await work(ending.signal)
    } catch (error) {
      signal.throwIfAborted()
      if (isBoxTrouble(error)) throw error
      throw unreachable(this.name, ending.signal.aborted ? 'does not answer in time' : explain(error))
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }

  /** For a status that nobody expects. */
  badStatus(status: number): Error {
    if (status === 401 || status === 403)
      return badAnswer(this.name, `does not let us in (${status}); check its address`)
    return badAnswer(this.name, `answered with status ${status}`)
  }
}

/** Node's codes in words; its messages would hold addresses. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'is not running'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'has a name that is not known on this network'
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'cannot be reached on this network'
  if (/CERT|SSL|TLS|SIGNED/.test(code)) return 'has a certificate that is not trusted here'
  return 'broke the connection'
}

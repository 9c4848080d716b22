/** What may go wrong with a box, on order. A fault strikes requests whose method and path begin as it says. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export type Trouble =
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Breaks the connection, before the request is looked at; or after so many bytes of its body. */
  | { readonly kind: 'drop'; readonly afterRequestBytes?: number }
  /** Does what is asked, and breaks the connection instead of answering. */
  | { readonly kind: 'lose-answer' }
  /** Answers properly, but breaks the connection after so many bytes of the body. */
  | { readonly kind: 'break'; readonly afterBytes: number }
  | { readonly kind: 'answer'; readonly status: number; readonly type?: string; readonly body: string }

export interface Fault {
  /** "POST /prompt", "GET /view", …; '' strikes all. */
  readonly on: string
  readonly trouble: Trouble
  /** How many requests it strikes; without it, all. */
  readonly times?: number
}

export const malformedJson: Trouble = {
  kind: 'answer',
  status: 200,
  type: 'application/json',
  body: '{"queue_running": [',
}
export const wrongShape: Trouble = {
  kind: 'answer',
  status: 200,
  type: 'application/json',
  body: '["surprise"]',
}
export const wrongType: Trouble = {
  kind: 'answer',
  status: 200,
  type: 'text/html',
  body: '<h1>Welcome to nginx!</h1>',
}
export const serverError: Trouble = { kind: 'answer', status: 502, type: 'text/html', body: 'Bad gateway' }
export const refusal: Trouble = {
  kind: 'answer',
  status: 400,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({
    error: {
      type: 'prompt_outputs_failed_validation',
      message: 'Prompt outputs failed validation',
      details: '',
      extra_info: {},
    },
    node_errors: {},
  }),
}

export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = []

  add(fault: Fault): Disposable {
    const entry = { fault, left: fault.times ?? Infinity }
    this.#faults.push(entry)
    return {
      [Symbol.dispose]: () => {
        entry.left = 0
      },
    }
  }

  clear(): void {
    this.#faults.length = 0
  }

  /** The trouble for a request, where it says so; it counts as struck. */
  take(request: IncomingMessage): Trouble | undefined {
    const asked = `${request.method} ${request.url}`
    const entry = this.#faults.find(({ fault, left }) => left > 0 && asked.startsWith(fault.on))
    if (!entry) return undefined
    entry.left--
    return entry.fault.trouble
  }
}

/** Makes trouble. True where the request is over with that; else it is handled as usual. */
export function makeTrouble(trouble: Trouble, request: IncomingMessage, response: ServerResponse): boolean {
  switch (trouble.kind) {
    case 'hang':
      request.resume()
      return true
    case 'drop': {
      const limit = trouble.afterRequestBytes
      if (limit === undefined) request.socket.destroy()
      let bytes = 0
      request.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (limit !== undefined && bytes >= limit) request.socket.destroy()
      })
      return true
    }
    case 'lose-answer':
      response.writeHead = () => response
      response.write = () => true
      response.end = () => {
        request.socket.destroy()
        return response
      }
      return false
    case 'break':
      breakAfter(trouble.afterBytes, response)
      return false
    case 'answer':
      request.resume()
      response
        .writeHead(trouble.status, trouble.type ? { 'Content-Type': trouble.type } : {})
        .end(trouble.body)
      return true
  }
}

function breakAfter(limit: number, response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean // the one form that is used here
  let bytes = 0
  response.write = (chunk: Uint8Array) => {
    const left = limit - bytes
    bytes += chunk.length
    if (bytes < limit) return write(chunk)
    if (left > 0) write(chunk.subarray(0, left))
    setImmediate(() => response.socket?.destroy())
    return false
  }
}

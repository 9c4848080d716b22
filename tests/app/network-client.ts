/** A client of the network's side: HTTPS to a name of the machine that is not localhost, trusting one certificate. */
import { once } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { type ClientOptions, WebSocket } from 'ws'

export interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
  /** Name of the refusal; undefined where there is none. */
  readonly error: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: what the server says is what the test is about
  readonly json: () => any
}

interface Ask {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: unknown
}

export interface NetworkClient {
  readonly origin: string
  /** Sent with every request; kept up to date as a browser would. */
  cookie: string | undefined
  /** As a page of the server asks: with its Origin, its cookie, and JSON bodies. */
  ask(path: string, asked?: Ask): Promise<Answer>
  /** Opens a WebSocket; gives it when it is open, or the status by which it was refused. */
  socket(path: string, headers?: Record<string, string>): Promise<WebSocket | number>
}

/** `name` is what the client calls the server, whose socket is always looked for at 127.0.0.1. */
export function networkClient(port: number, name: string, ca: string): NetworkClient {
  const origin = `https://${name}:${port}`
  const tls = { ca, servername: name, host: '127.0.0.1', port, rejectUnauthorized: true }
  return {
    origin,
    cookie: undefined,
    async ask(path, { method = 'GET', headers = {}, body } = {}) {
      const json = body === undefined ? undefined : JSON.stringify(body)
      const sent = {
        Host: `${name}:${port}`,
        ...(method === 'GET' || method === 'HEAD' ? {} : { Origin: origin }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': json.length }),
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...headers,
      }
      const request = https.request({
        ...tls,
        path,
        method,
        agent: false,
        headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
      })
      request.end(json)
      const [response] = await once(request, 'response')
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      for (const line of response.headers['set-cookie'] ?? []) {
        const [pair = ''] = line.split(';')
        this.cookie = /Max-Age=0/i.test(line) ? undefined : pair
      }
      const error = /^{"error":{"name":"(\w+)"/.exec(text)?.[1]
      return {
        status: response.statusCode,
        headers: response.headers,
        text,
        error,
        json: () => JSON.parse(text),
      }
    },
    socket(path, headers = {}) {
      const options: ClientOptions = {
        ...tls,
        headers: {
          Host: `${name}:${port}`,
          Origin: origin,
          ...(this.cookie ? { Cookie: this.cookie } : {}),
          ...headers,
        },
      }
      const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, options)
      return new Promise((resolve, reject) => {
        socket.on('open', () => resolve(socket))
        socket.on('unexpected-response', (request, response) => {
          resolve(response.statusCode ?? 0)
          request.destroy()
        })
        socket.on('error', reject)
      })
    },
  }
}

/** Requests as no browser makes them. */
import { request } from 'node:http'
import { connect } from 'node:net'
import type { UploadServer } from './upload-server'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent piece by piece, without a length unless the headers have one. */
  readonly body?: readonly (Buffer | string)[]
}

/** Sends a request and gives the answer, also where it comes before all is sent. */
export function send(
  { port }: UploadServer,
  path: string,
  { method = 'POST', headers = {}, body = [] }: Sent,
) {
  return new Promise<Answer>((resolve, reject) => {
    const sending = request({
      port,
      host: '127.0.0.1',
      path,
      method,
      headers: headers as Record<string, string>,
      agent: false,
    })
    let isAnswered = false
    sending.on('response', (response) => {
      isAnswered = true
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const isJson = response.headers['content-type']?.includes('application/json')
        resolve({
          status: response.statusCode ?? 0,
          body: isJson && text ? JSON.parse(text) : text,
          headers: response.headers,
        })
        sending.destroy()
      })
    })
    sending.on('error', (error) => isAnswered || reject(error)) // refused senders are cut off in the middle
    for (const part of body) sending.write(part)
    sending.end()
  })
}

/** Writes bytes to the server as they are; gives all that it answers until it closes. */
export function sendRaw(
  { port }: UploadServer,
  bytes: readonly (Buffer | string)[],
  end: 'half-close' | 'wait',
) {
  return new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (part) => {
      answer += part.toString('latin1')
    })
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)))
    socket.on('close', () => resolve(answer))
    for (const part of bytes) socket.write(part)
    if (end === 'half-close') socket.end()
  })
}

export const boundary = 'a-boundary-of-ours'

/** One part of a form. */
export function part(
  name: string,
  fileName: string | undefined,
  bytes: Buffer | string,
  more: readonly string[] = [],
) {
  const file = fileName === undefined ? '' : `; filename="${fileName}"`
  const head = [`Content-Disposition: form-data; name="${name}"${file}`, ...more].join('\r\n')
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ])
}

export const formEnd = `--${boundary}--\r\n`
export const formType = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }

/** Sends a form of these parts. */
export const sendForm = (
  server: UploadServer,
  path: string,
  parts: readonly Buffer[],
  headers: Sent['headers'] = {},
) => send(server, path, { headers: { ...formType, ...headers }, body: [...parts, formEnd] })

export const tus = { 'Tus-Resumable': '1.0.0' }

/** Announces an upload. */
export const announce = (
  server: UploadServer,
  length: number | string,
  metadata: Readonly<Record<string, string>>,
) =>
  send(server, '/api/upload/tus', {
    headers: {
      ...tus,
      'Upload-Length': String(length),
      'Upload-Metadata': Object.entries(metadata)
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(','),
    },
  })

export const patchHead = { ...tus, 'Content-Type': 'application/offset+octet-stream' }

/** Sends bytes of an announced upload. */
export const patch = (
  server: UploadServer,
  url: string,
  offset: number | string,
  bytes: Buffer,
  headers: Sent['headers'] = {},
) =>
  send(server, url, {
    method: 'PATCH',
    headers: { ...patchHead, 'Upload-Offset': String(offset), ...headers },
    body: [bytes],
  })

/** A file on its way to a box's input folder: multipart by hand, so that its length is known before it is sent. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import { Features, Uploaded } from './answers'
import { unreachable } from './box-errors'
import type { Ask, BoxHttp } from './box-http'
import { type OutgoingFile, RefusedError } from './comfy'

const folder = 'understudy' // ours in the box's input folder

/** The value for a loader node. Same name and bytes again is no new file there (12_uploads). */
export async function uploadTo(
  http: BoxHttp,
  file: OutgoingFile,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const { head, tail, type } = envelope(file)
  const bytes = head.length + file.bytes + tail.length
  if (bytes > maxBytes) throw tooLarge(http.name, file.bytes, maxBytes)
  let unreadable: unknown
  const ask: Ask = {
    method: 'POST',
    path: '/upload/image',
    headers: { 'Content-Type': type, 'Content-Length': String(bytes) },
    write: (request, ending) => write(http, request, head, file.open(), tail, noteUnreadable, ending),
    // The time that counts is that of each piece; a large file takes as long as it takes.
    answerMs: 24 * 3_600_000,
  }
  const { status, value } = await http.jsonOf(ask, signal).catch((error) => {
    throw unreadable ?? error // what is wrong with our own file is no fault of the box
  })
  if (status === 413) throw tooLarge(http.name, file.bytes)
  if (status === 400) throw new RefusedError(`The box “${http.name}” would not take a file.`)
  if (status !== 200) throw http.badStatus(status)
  const { name, subfolder } = http.parse(Uploaded, value)
  return subfolder ? `${subfolder}/${name}` : name

  function noteUnreadable(error: unknown): void {
    unreadable = error
  }
}

/** How much a box takes at once; 100 MB unless it was started with another limit, or is too old to say. */
export async function maxUploadBytes(http: BoxHttp, signal: AbortSignal): Promise<number> {
  const { status, value } = await http.jsonOf({ path: '/features' }, signal)
  const { max_upload_size } = status === 404 ? {} : http.parse(Features, value)
  return max_upload_size ?? 100 * 1024 * 1024
}

function envelope({ name, type }: OutgoingFile) {
  if (!/^[\w.-]+$/.test(name))
    throw new Error('A name of ours on a box has letters, digits, dots and dashes.')
  const boundary = `understudy-${randomUUID()}`
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="subfolder"\r\n\r\n${folder}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`,
  )
  return {
    head,
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}

async function write(
  http: BoxHttp,
  request: ClientRequest,
  head: Buffer,
  stream: ReadableStream<Uint8Array>,
  tail: Buffer,
  unreadable: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const patience = stallTimer(http, request)
  request.once('close', patience.end)
  let isAnswered = false
  const answered = once(request, 'response', { signal }).then(() => {
    isAnswered = true // before it has heard all: it does not want the rest
  })
  answered.catch(() => {}) // told where the request is waited for
  const reader = stream.getReader()
  const read = () =>
    reader.read().catch((error) => {
      unreadable(error)
      throw error
    })
  try {
    request.write(head)
    for (let next = await read(); !next.done && !isAnswered; next = await read()) {
      signal.throwIfAborted()
      if (!request.write(next.value)) await Promise.race([once(request, 'drain', { signal }), answered])
      patience.more()
    }
    request.end(tail)
    patience.more()
  } finally {
    await reader.cancel().catch(() => {}) // it has ended, or nobody wants the rest
  }
}

/** Breaks the request where nothing of it moves. */
function stallTimer(http: BoxHttp, request: ClientRequest) {
  const stop = () => request.destroy(unreachable(http.name, 'does not answer in time'))
  let timer = setTimeout(stop, http.limits.stallMs)
  return {
    more: () => {
      clearTimeout(timer)
      timer = setTimeout(stop, http.limits.stallMs)
    },
    end: () => clearTimeout(timer),
  }
}

/** `maxBytes`: as far as the box has told. */
function tooLarge(box: string, bytes: number, maxBytes?: number): RefusedError {
  const megabytes = (n: number) => `${Math.round(n / 1024 / 1024)} MB`
  const most = maxBytes === undefined ? '' : `, which takes at most ${megabytes(maxBytes)}`
  return new RefusedError(
    `A file of ${megabytes(bytes)} is too large for the box “${box}”${most}. Start it with a larger --max-upload-size, or use a shorter video.`,
  )
}

/** Answers with the bytes of a stored file: whole, a range of it, or only what is said about it. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Files } from '../files/files'
import { parseRange } from '../files/range'
import type { Preview } from '../jobs/jobs'

interface Sent {
  readonly id: string
  readonly type: string // MIME
  readonly bytes: number
  /** Under which it is saved; made by us, of letters, digits, dots and dashes. */
  readonly saveAs: string
  /** Ask the browser to save rather than to show it. */
  readonly download: boolean
  readonly caching: string
}

/** What a browser may show in a page of ours; anything else is saved. */
const SHOWN = /^(?:image\/(?!svg)|video\/|audio\/)[\w.+-]+$/

export function sendStored(c: Context, files: Files, file: Sent): Response {
  const { id, bytes, caching } = file
  const etag = `"${id}"`
  const shown = SHOWN.test(file.type)
  const headers: Record<string, string> = {
    'Content-Type': shown ? file.type : 'application/octet-stream',
    'Content-Disposition': `${shown && !file.download ? 'inline' : 'attachment'}; filename="${file.saveAs}"`,
    'Cache-Control': caching,
    'Accept-Ranges': 'bytes',
    ETag: etag,
  }
  if (isNamed(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers)
  const range =
    (c.req.header('If-Range') ?? etag) === etag ? parseRange(c.req.header('Range'), bytes) : undefined
  if (range === 'unsatisfiable') return c.body(null, 416, { ...headers, 'Content-Range': `bytes */${bytes}` })
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${bytes}`
  headers['Content-Length'] = String(range ? range.end - range.start + 1 : bytes)
  const status = range ? 206 : 200
  // Hono answers HEAD through the route of GET and drops the body; a stream nobody reads would keep the file open.
  if (c.req.method === 'HEAD' || bytes === 0) return c.body(null, status, headers)
  return c.body(files.read(id, range), status, headers)
}

/** A small picture, whole; nothing but its headers to who has it already. */
export function sendPreview(c: Context, { type, bytes }: Preview, caching: string): Response {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  const headers = { 'Content-Type': type, 'Cache-Control': caching, ETag: etag }
  if (isNamed(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers)
  return c.body(new Uint8Array(bytes), 200, headers)
}

function isNamed(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}

/**
 * Files from people, and back to them.
 *
 *   POST /api/upload/image, /api/upload/video   a form with one file, named "file": 201 StoredFile, 200 where it was known
 *   /api/upload/tus                             tus 1.0 for large files: metadata `kind` (image or video) and `name`
 *   GET  /api/upload/tus/:id/file               the StoredFile that a finished upload became; :id is the last part of its URL
 *   GET  /api/files/:id                         the bytes, with ranges
 *
 * The last PATCH of tus answers 204 once the file is checked and stored, or with the refusal; a client whose last answer was
 * lost asks for the file all the same.
 */
import { Readable } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { describes } from '../api/route'
import { sendStored } from '../api/stored-file'
import { Refusal } from '../errors'
import type { Files } from '../files/files'
import { readForm, type SentFile } from '../files/multipart'
import { tooLarge } from '../files/refusals'
import { isFileId } from '../files/sidecar'
import type { Uploads } from '../files/uploads'

interface Parts {
  readonly files: Files
  readonly uploads: Uploads
  readonly limits: { readonly maxImageBytes: number; readonly maxVideoBytes: number }
  /** How long a sender may be silent. Default a minute. */
  readonly silenceMs?: number
}

const StoredFile = v.object({
  id: v.string(),
  kind: v.picklist(['image', 'video', 'audio']),
  type: v.string(),
  bytes: v.number(),
  name: v.string(),
  addedMs: v.number(),
})

const formBytes = 16 * 1024 // what surrounds the file

/** Takes files. Mounted at /api/upload, which is also what `openUploads` is to be told, as /api/upload/tus. */
export const uploadRoutes = ({ files, uploads, limits, silenceMs = 60_000 }: Parts) => {
  async function take(c: Context, kind: 'image' | 'video', maxBytes: number) {
    if (Number(c.req.header('Content-Length') ?? 0) > maxBytes + formBytes) throw tooLarge(maxBytes)
    const { signal } = c.req.raw
    const type = c.req.header('Content-Type')
    const add = (sent: SentFile) => files.add({ ...sent, accept: [kind], maxBytes }, signal)
    const { isNew, ...file } = await unlessGone(signal, readForm(bodyOf(c), type, silenceMs, add, signal))
    return { isNew, file }
  }
  return new Hono()
    .post('/image', described('Store a picture'), async (c) => {
      const { isNew, file } = await take(c, 'image', limits.maxImageBytes)
      return c.json(file, isNew ? 201 : 200)
    })
    .post('/video', described('Store a video'), async (c) => {
      const { isNew, file } = await take(c, 'video', limits.maxVideoBytes)
      return c.json(file, isNew ? 201 : 200)
    })
    .get(
      '/tus/:id/file',
      describes({
        summary: 'The file that a finished resumable upload became',
        tag: 'files',
        answers: { 200: StoredFile },
        refuses: [404, 409, 413, 415],
      }),
      async (c) => {
        const { signal } = c.req.raw
        return c.json(await unlessGone(signal, uploads.fileOf(c.req.param('id'), signal)), 200)
      },
    )
    .all('/tus/:id?', (c) => unlessGone(c.req.raw.signal, uploads.handle(c.req.raw)))
}

/** Gives files back. Mounted at /api/files. */
export const fileDownloadRoutes = (files: Files) =>
  new Hono().get(
    '/:id',
    describes({
      summary: 'A stored file. Answers ranges',
      tag: 'files',
      answers: { 200: 'application/octet-stream', 206: 'application/octet-stream', 304: undefined },
      refuses: [404, 416],
    }),
    async (c) => {
      const id = c.req.param('id')
      const file = isFileId(id) ? await files.find(id) : undefined
      if (!file) throw new Refusal(404, 'NotFound', 'There is no such file here.')
      const caching = 'private, max-age=31536000, immutable' // the id is the content
      const answer = sendStored(c, files, { ...file, saveAs: 'file', download: false, caching })
      answer.headers.set('Content-Disposition', `inline; filename*=UTF-8''${percented(file.name)}`)
      answer.headers.set('X-Content-Type-Options', 'nosniff')
      return answer
    },
  )

const described = (summary: string) =>
  describes({
    summary: `${summary}: multipart/form-data with one file, named "file"`,
    tag: 'files',
    answers: { 201: StoredFile, 200: StoredFile },
    refuses: [400, 413, 415],
  })

/** Nobody hears the answer to a sender that went away, and it is no failure of ours. */
async function unlessGone<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw signal.aborted ? new Refusal(400, 'BadRequest', 'The sender went away.') : error
  }
}

/** The body as Node reads it, which takes half the time of a web stream; other callers than its server have only that. */
function bodyOf(c: Context): Readable {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  if (incoming) return incoming
  if (!c.req.raw.body) throw new Refusal(400, 'BadRequest', 'The request has no body.')
  return Readable.fromWeb(c.req.raw.body as Parameters<typeof Readable.fromWeb>[0]) // Node's own type for the same class
}

/** As RFC 8187 wants it: everything but letters, digits and a few marks as bytes of UTF-8. */
const percented = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

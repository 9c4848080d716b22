/** The built app: pages, scripts, weights. Answers ranges and conditional requests, prefers compressed variants. */
import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { Refusal } from '../errors'
import { mediaType } from '../files/media-types'
import { type OpenFile, openFile, safePath } from '../files/open-file'
import { type ByteRange, parseRange } from '../files/range'

/** Paths that a person may open; each is the one page, which looks at the path itself. */
const pages = new Set(['', 'clip', 'library', 'generate', 'jobs', 'output'])

const year = 31_536_000

/** Serves the files below `root`, which is where the build put the app. */
export const fileRoutes = (root: string) =>
  new Hono().get('/*', async (c) => {
    const asked = safePath(c.req.path)
    const path = asked !== undefined && pages.has(asked) ? 'index.html' : asked
    if (path === undefined) throw notFound(c)
    const wanted = c.req.header('Range')
    // A range counts bytes of the file itself, so it is never cut from a compressed variant.
    const file = await openFile(root, path, wanted ? '' : (c.req.header('Accept-Encoding') ?? ''))
    if (!file) throw notFound(c)
    return answer(c, path, file, wanted)
  })

function notFound(c: Context): Refusal {
  return new Refusal(404, 'NotFound', `There is no ${c.req.path} here.`)
}

async function answer(
  c: Context,
  path: string,
  file: OpenFile,
  wanted: string | undefined,
): Promise<Response> {
  const headers: Record<string, string> = {
    'Content-Type': mediaType(path),
    'Cache-Control': path.startsWith('assets/') ? `public, max-age=${year}, immutable` : 'no-cache',
    ETag: file.etag,
    Vary: 'Accept-Encoding',
    'Accept-Ranges': 'bytes',
  }
  if (file.encoding) headers['Content-Encoding'] = file.encoding
  if (isCurrent(c.req.header('If-None-Match'), file.etag)) return empty(c, file, 304, headers)

  const unchanged = (c.req.header('If-Range') ?? file.etag) === file.etag
  const range = unchanged ? parseRange(wanted, file.size) : undefined
  if (range === 'unsatisfiable') {
    return empty(c, file, 416, { ...headers, 'Content-Range': `bytes */${file.size}` })
  }
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${file.size}`
  headers['Content-Length'] = String(range ? range.end - range.start + 1 : file.size)
  const status = range ? 206 : 200
  // Hono answers HEAD through this route and drops the body; a stream nobody reads would keep the file open.
  if (c.req.method === 'HEAD' || file.size === 0) return empty(c, file, status, headers)
  return c.body(stream(file, range), status, headers)
}

function isCurrent(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}

async function empty(
  c: Context,
  file: OpenFile,
  status: 200 | 206 | 304 | 416,
  headers: Record<string, string>,
) {
  await file[Symbol.asyncDispose]()
  return c.body(null, status, headers)
}

/** The stream closes the file when it ends or is given up. */
function stream({ handle }: OpenFile, range: ByteRange | undefined): ReadableStream<Uint8Array> {
  const bytes = handle.createReadStream({ highWaterMark: 256 * 1024, ...range })
  return Readable.toWeb(bytes) as ReadableStream<Uint8Array> // Node's own type for the same class
}

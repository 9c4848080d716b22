/** GET and HEAD /view: files of the three folders, with ranges (01_image, 03_video, 12_uploads). */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BoxFiles, FolderType } from './box-files'
import { tinyPng } from './pictures'

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  webm: 'video/webm',
  flac: 'audio/flac',
}

export async function view(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  files: BoxFiles,
): Promise<void> {
  const filename = query.get('filename')
  const subfolder = query.get('subfolder') ?? ''
  const type = query.get('type') ?? 'output'
  const end = (status: number): void => void response.writeHead(status, { 'Content-Length': 0 }).end()
  if (!filename) return end(404)
  if (filename.startsWith('/') || filename.split('/').includes('..')) return end(400)
  if (!isFolder(type)) return end(400)
  if (subfolder.split('/').includes('..')) return end(403)
  const content = files.find({ filename, subfolder, type })
  if (!content) return end(404)

  response.setHeader('Content-Disposition', `filename="${filename}"`)
  if (query.has('preview')) {
    response.writeHead(200, { 'Content-Type': 'image/webp', 'Content-Length': tinyPng.length }).end(tinyPng)
    return
  }
  const etag = `"${createHash('sha1').update(`${type}/${subfolder}/${filename}`).digest('hex').slice(0, 16)}-${content.bytes.toString(16)}"`
  response.setHeader('Content-Type', types[filename.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
  response.setHeader('Etag', etag)
  response.setHeader('Last-Modified', 'Fri, 20 Nov 2026 18:00:10 GMT')
  response.setHeader('Accept-Ranges', 'bytes')
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const unchanged = (request.headers['if-range'] ?? etag) === etag
  const isPart = from !== undefined && unchanged
  const start = isPart ? Number(from) : 0
  const stop = isPart && to ? Math.min(Number(to) + 1, content.bytes) : content.bytes
  if (start > stop) return end(416)
  if (isPart) response.setHeader('Content-Range', `bytes ${start}-${stop - 1}/${content.bytes}`)
  response.writeHead(isPart ? 206 : 200, { 'Content-Length': stop - start })
  if (request.method === 'HEAD') return void response.end()
  const pieces = Readable.from(content.read(start, stop), { objectMode: false, highWaterMark: 256 * 1024 })
  await pipeline(pieces, response).catch(() => {}) // whoever asked has gone, or a fault broke it
}

function isFolder(type: string): type is FolderType {
  return type === 'input' || type === 'output' || type === 'temp'
}

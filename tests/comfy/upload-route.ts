/** POST /upload/image and /upload/mask (12_uploads). The field is called `image` whatever it is. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Busboy } from '@fastify/busboy'
import type { BoxFiles, FolderType } from './box-files'

const maxBytes = 104_857_600 // --max-upload-size

export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  files: BoxFiles,
): Promise<void> {
  const type = request.headers['content-type']
  if (!type?.startsWith('multipart/form-data')) return say(500, trouble)
  const form = await readForm(request, type)
  if (form === 'too large') return say(413, `Maximum request body size ${maxBytes} exceeded.`)
  const folder = form.fields.get('type') ?? 'input'
  const subfolder = form.fields.get('subfolder') ?? ''
  if (!form.file) return empty(400)
  if (!/^(input|output|temp)$/.test(folder)) return say(500, trouble)
  if (subfolder.split('/').includes('..') || subfolder.startsWith('/') || form.file.name.includes('/'))
    return empty(400)
  const overwrite = /^(true|1)$/.test(form.fields.get('overwrite') ?? '')
  const kind = folder as FolderType // as just seen
  const name = files.upload(kind, subfolder, form.file.name, form.file.data, overwrite)
  say(200, JSON.stringify({ name, subfolder, type: folder }), 'application/json; charset=utf-8')

  function say(status: number, body: string, contentType = 'text/plain; charset=utf-8'): void {
    response
      .writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) })
      .end(body)
  }
  function empty(status: number): void {
    response.writeHead(status, { 'Content-Length': 0 }).end()
  }
}

const trouble = '500 Internal Server Error\n\nServer got itself in trouble'

interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly file: { readonly name: string; readonly data: Uint8Array } | undefined
}

/** Reads all of it, also what is too large: a client that is answered early would only see its connection break. */
function readForm(request: IncomingMessage, contentType: string): Promise<Form | 'too large'> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>()
    let file: Form['file']
    let bytes = 0
    const busboy = new Busboy({ headers: { 'content-type': contentType }, preservePath: true })
    busboy.on('field', (name, value) => fields.set(name, value))
    busboy.on('file', (field, stream, name) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => {
        if (bytes <= maxBytes) pieces.push(piece)
      })
      stream.on('end', () => {
        if (field === 'image') file = { name, data: Buffer.concat(pieces) }
      })
    })
    busboy.on('finish', () => resolve(bytes > maxBytes ? 'too large' : { fields, file }))
    busboy.on('error', reject)
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
    })
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('The upload broke off.'))
    })
    request.pipe(busboy)
  })
}

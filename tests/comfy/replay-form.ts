/** Files as recorded uploads sent them. */
import type { Part } from './transcript'

/** Bytes that look like what they are said to be; the same size is the same bytes. */
export function contentOf({ filename, binary }: Extract<Part, { filename: string }>): Buffer {
  const content = Buffer.alloc(binary, binary % 251)
  const isVideo = filename.endsWith('.mp4') && !filename.startsWith('garbage')
  const head = isVideo
    ? '000000206674797069736f6d00000200'
    : filename.endsWith('.png')
      ? '89504e470d0a1a0a'
      : ''
  Buffer.from(head, 'hex').copy(content)
  return content
}

/** By hand, as the recording client percent-encoded names. */
export function toForm(parts: readonly Part[]): { body: Buffer; type: string } {
  const boundary = 'a-boundary'
  const pieces = parts.flatMap((part) => {
    const isFile = 'filename' in part
    const name = isFile
      ? `; filename="${encodeURIComponent(part.filename)}"\r\nContent-Type: ${part.contentType}`
      : ''
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${name}\r\n\r\n`
    return [Buffer.from(head), isFile ? contentOf(part) : Buffer.from(part.value), Buffer.from('\r\n')]
  })
  return {
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}

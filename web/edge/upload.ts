/** Files on their way to the server: small ones in one request, large ones in parts that survive a broken connection. */
import type { StoredFile } from '../../edge-server/files/files'
import { problem } from '../words/errors'
import { refusalOf } from './refusals'

/** From here on a file is sent in parts: what has arrived need not be sent again, even after a reload. */
export const RESUMABLE_FROM_BYTES = 16 * 1024 * 1024

export type MediaKind = 'image' | 'video'

/**
 * Sends a file and resolves with what the server keeps, which may have been there before. Rejects with a named Error in
 * the server's own words when it refuses. `onProgress` hears 0..1.
 */
export async function upload(
  file: File,
  kind: MediaKind,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  signal.throwIfAborted()
  if (file.size === 0) throw problem('EmptyFileError')
  if (file.size < RESUMABLE_FROM_BYTES) return uploadAtOnce(file, kind, onProgress, signal)
  const { uploadInParts } = await import('./upload-in-parts')
  return uploadInParts(file, kind, onProgress, signal)
}

/** XMLHttpRequest, because fetch does not tell how much of a request has been sent. */
function uploadAtOnce(
  file: File,
  kind: MediaKind,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  const request = new XMLHttpRequest()
  const form = new FormData()
  form.append('file', file, file.name)
  return new Promise((resolve, reject) => {
    const abort = () => request.abort()
    request.open('POST', `/api/upload/${kind}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const isGood = request.status === 200 || request.status === 201
      if (isGood)
        resolve(JSON.parse(request.responseText) as StoredFile) // our own server's answer
      else reject(refusalOf(request.status, request.responseText))
    }
    request.onerror = () => reject(problem('ServerAbsentError'))
    request.onabort = () => reject(signal.reason ?? new DOMException('Given up.', 'AbortError'))
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort, { once: true })
    request.send(form)
  })
}

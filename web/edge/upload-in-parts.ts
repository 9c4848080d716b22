/** Resumable upload by tus: parts that arrived are remembered by the server, and where they are by this browser. */
import { type DetailedError, Upload } from 'tus-js-client'
import type { FileKind, StoredFile } from '../../edge-server/files/files'
import { problem } from '../words/errors'
import { refusalOf } from './refusals'

const ENDPOINT = '/api/upload/tus'
const PART_BYTES = 16 * 1024 * 1024
/** How long to wait before each further try; a laptop that slept is back within them. */
const RETRY_MS = [0, 500, 1500, 4000, 10_000, 30_000]

/** As `upload` in upload.ts. */
export function uploadInParts(
  file: File,
  kind: Exclude<FileKind, 'audio'>,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: PART_BYTES,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      metadata: { name: file.name, kind },
      fingerprint: async () => `understudy ${kind} ${file.name} ${file.size} ${file.lastModified}`,
      onProgress: (sent, total) => onProgress(total > 0 ? sent / total : 0),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0
        return status === 0 || status === 409 || status === 423 || status >= 500
      },
      onError: (error) => reject(reasonOf(error)),
      onSuccess: () => void storedAt(upload.url ?? '', signal).then(resolve, reject),
    })
    signal.addEventListener(
      'abort',
      () => {
        void upload.abort()
        reject(signal.reason)
      },
      { once: true },
    )
    const begin = async () => {
      const [before] = await upload.findPreviousUploads()
      if (before) upload.resumeFromPreviousUpload(before)
      if (!signal.aborted) upload.start()
    }
    begin().catch(reject)
  })
}

/** The file that an upload became, once all of it was there. */
async function storedAt(url: string, signal: AbortSignal): Promise<StoredFile> {
  const response = await fetch(`${url}/file`, { signal })
  if (!response.ok) throw refusalOf(response.status, await response.text())
  return (await response.json()) as StoredFile // our own server's answer
}

function reasonOf(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null
  return response ? refusalOf(response.getStatus(), response.getBody()) : problem('ServerAbsentError')
}

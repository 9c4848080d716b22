/** The input files of a job: stored here, and named by us on a box. */
import type { OutgoingFile } from '../../comfy/comfy'
import type { Files, StoredFile } from '../../files/files'
import type { JobRequest } from '../job'

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/tiff': 'tiff',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'audio/flac': 'flac',
}

export type StoredInputs = ReadonlyMap<string, StoredFile>

/** The stored files by input name; undefined where one is no longer there. */
export async function findInputs(files: Files, request: JobRequest): Promise<StoredInputs | undefined> {
  const found = new Map<string, StoredFile>()
  for (const [name, id] of Object.entries(request.inputs)) {
    const file = await files.find(id)
    if (!file) return undefined
    found.set(name, file)
  }
  return found
}

/** The name of a file on a box says what is in it, so the same file is never there twice. */
export const boxName = ({ id, type }: StoredFile): string => `${id}.${EXTENSIONS[type] ?? 'bin'}`

/** A stored file on its way to a box. */
export const outgoing = (files: Files, file: StoredFile): OutgoingFile => ({
  name: boxName(file),
  bytes: file.bytes,
  type: file.type,
  open: () => files.read(file.id),
})

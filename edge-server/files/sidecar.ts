/** What is known of a stored file, in a small JSON file beside it. A file counts as stored once this is there. */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import type { StoredFile } from './files'

/** SHA-256 as lower-case hex; nothing else becomes part of a path. */
const idPattern = /^[0-9a-f]{64}$/

const Sidecar = v.object({
  id: v.pipe(v.string(), v.regex(idPattern)),
  kind: v.picklist(['image', 'video', 'audio']),
  type: v.pipe(v.string(), v.regex(/^(image|video|audio)\/[\w.+-]+$/)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  addedMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
})

/** True for what can be the id of a file. */
export const isFileId = (id: string): boolean => idPattern.test(id)

/** Reads a sidecar; undefined where there is none, or none that makes sense. */
export async function readSidecar(path: string): Promise<StoredFile | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return v.parse(Sidecar, JSON.parse(text))
  } catch {
    return undefined // damaged: the file is as good as absent, and is written anew when it is added again
  }
}

/** Writes a sidecar in one step: readers see the one before or this one. */
export async function writeSidecar(path: string, file: StoredFile): Promise<void> {
  const written = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(written, JSON.stringify(file), { mode: 0o600, flush: true })
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
}

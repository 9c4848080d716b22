/** What is known of a stored file, in a small JSON file beside it. A file counts as stored once this is there. */
import * as v from 'valibot'
import type { StoredFile } from './files'
import { readJson } from './json-file'

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
export const readSidecar = (path: string): Promise<StoredFile | undefined> => readJson(path, Sidecar)

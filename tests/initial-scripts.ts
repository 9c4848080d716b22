import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  /** Keys of chunks loaded with this one. */
  readonly imports?: readonly string[]
  /** Keys of chunks loaded when they are asked for. */
  readonly dynamicImports?: readonly string[]
}

export interface Script {
  readonly file: string
  readonly gzippedBytes: number
}

/**
 * Scripts of the built app in folder `web` that the page loads at once: its entry with all that imports statically, and
 * the views that the entry chooses from (by its own dynamic imports), each with all that imports statically.
 */
export function initialScripts(web: string): Script[] {
  const manifest = JSON.parse(readFileSync(resolve(web, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >
  const files = new Set<string>()
  const visit = (chunk: Chunk | undefined): void => {
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const key of chunk.imports ?? []) visit(manifest[key])
  }
  const entry = manifest['index.html']
  visit(entry)
  for (const key of entry?.dynamicImports ?? []) visit(manifest[key])
  return [...files].map((file) => ({
    file,
    gzippedBytes: gzipSync(readFileSync(resolve(web, file)), { level: 9 }).length,
  }))
}

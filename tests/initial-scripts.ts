import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  /** Keys of chunks loaded with this one; those loaded later are in `dynamicImports`. */
  readonly imports?: readonly string[]
}

export interface Script {
  readonly file: string
  readonly gzippedBytes: number
}

/** Scripts of the built app in folder `web` that the page loads at once: its entry and all that imports statically. */
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
  visit(manifest['index.html'])
  return [...files].map((file) => ({
    file,
    gzippedBytes: gzipSync(readFileSync(resolve(web, file)), { level: 9 }).length,
  }))
}

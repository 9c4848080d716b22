/** Finding and opening the files of the built app, by the path of a URL. */
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that is open for reading; dispose it unless its `handle` was given to a stream. */
export interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle
  readonly size: number
  /** Changes whenever the content does. */
  readonly etag: string
  readonly encoding: 'br' | 'gzip' | undefined
}

const variants = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Path below the root for the path of a URL; undefined for one that leaves the root, or asks for hidden files. */
export function safePath(urlPath: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return undefined
  }
  const segments = path.split('/').filter((segment) => segment !== '')
  const refused = segments.some((segment) => segment.startsWith('.') || /[\\\0:]/.test(segment))
  return refused ? undefined : segments.join('/')
}

/** Opens the file, or its smaller variant beside it that the client accepts; undefined where there is no such file. */
export async function openFile(root: string, path: string, accepts: string): Promise<OpenFile | undefined> {
  for (const [encoding, suffix] of variants) {
    if (!acceptsEncoding(accepts, encoding)) continue
    const file = await openPlain(join(root, path + suffix), encoding)
    if (file) return file
  }
  return openPlain(join(root, path), undefined)
}

function acceptsEncoding(accepts: string, encoding: string): boolean {
  return accepts.split(',').some((item) => {
    const [name, quality] = item.split(';').map((part) => part.trim())
    return name === encoding && !/^q=0(\.0*)?$/.test(quality ?? '')
  })
}

async function openPlain(path: string, encoding: OpenFile['encoding']): Promise<OpenFile | undefined> {
  let handle: FileHandle
  try {
    handle = await open(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EISDIR')
      return undefined
    throw error
  }
  const stat = await handle.stat()
  if (!stat.isFile()) {
    await handle.close()
    return undefined
  }
  const etag = `"${stat.size.toString(36)}-${Math.round(stat.mtimeMs).toString(36)}${encoding ? `-${encoding}` : ''}"`
  return { handle, size: stat.size, etag, encoding, [Symbol.asyncDispose]: () => handle.close() }
}

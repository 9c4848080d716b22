/** The stand-in's folders `input`, `output` and `temp`, in memory; large files are made up as they are read. */
import type { BoxFile } from '../../edge-server/comfy/comfy'

/** The bytes of a file: kept, or made up on the way. */
export interface Content {
  readonly bytes: number
  read(start: number, end: number): Iterable<Uint8Array>
}

export function kept(data: Uint8Array): Content {
  return { bytes: data.length, read: (start, end) => [data.subarray(start, end)] }
}

/** `bytes` of noise that is the same each time, in pieces; takes no memory, however long it is. */
function madeUp(bytes: number): Content {
  const piece = Uint8Array.from({ length: 64 * 1024 }, (_, i) => (i * 2_654_435_761) >>> 24)
  return {
    bytes,
    *read(start, end) {
      for (let at = start; at < end; ) {
        const from = at % piece.length
        const part = piece.subarray(from, Math.min(piece.length, from + end - at))
        yield part
        at += part.length
      }
    },
  }
}

export type FolderType = BoxFile['type']

export class BoxFiles {
  readonly #files = new Map<string, Content>()
  readonly #written = new Map<string, number>()

  find({ type, subfolder, filename }: BoxFile): Content | undefined {
    return this.#files.get(key(type, subfolder, filename))
  }

  put({ type, subfolder, filename }: BoxFile, content: Content): void {
    this.#files.set(key(type, subfolder, filename), content)
  }

  /** 12_uploads: same name and bytes is kept as it is; other bytes take the next free "name (1).ext". */
  upload(type: FolderType, subfolder: string, name: string, data: Uint8Array, overwrite: boolean): string {
    const [, stem = name, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? []
    for (let n = 0; ; n++) {
      const filename = n === 0 ? name : `${stem} (${n})${extension}`
      const there = this.#files.get(key(type, subfolder, filename))
      if (there && !overwrite && !isSame(there, data)) continue
      const path = key(type, subfolder, filename)
      this.#files.set(path, kept(data))
      this.#written.set(path, (this.#written.get(path) ?? 0) + 1)
      return filename
    }
  }

  /** The file a loader names: "sub/name.ext", with " [output]" or " [temp]" for the other folders (12_uploads, 19_video_subfolder). */
  named(value: string): Content | undefined {
    const [, path = value, type = 'input'] = /^(.*?)(?: \[(input|output|temp)\])?$/.exec(value) ?? []
    return this.#files.get(`${type}/${path}`)
  }

  /** What a loader's cached result depends on: pictures count by their bytes, others by when they were written (21_toy_wan_animate). */
  mark(value: string): string | undefined {
    const content = this.named(value)
    if (!content) return undefined
    return /\.(png|jpe?g|webp)$/.test(value) ? `${content.bytes}` : `${this.#written.get(`input/${value}`)}`
  }

  /** The next file of this prefix, as `img_00006_.png` or, for VideoHelperSuite and sound, `vhs_00001.mp4`. */
  next(type: FolderType, prefix: string, end: string): BoxFile {
    const slash = prefix.lastIndexOf('/')
    const subfolder = slash < 0 ? '' : prefix.slice(0, slash)
    for (let n = 1; ; n++) {
      const start = `${prefix.slice(slash + 1)}_${String(n).padStart(5, '0')}`
      const isTaken = [...this.#files.keys()].some((path) => path.startsWith(key(type, subfolder, start)))
      if (!isTaken) return { filename: `${start}${end}`, subfolder, type }
    }
  }

  /** Names in the root of the input folder, as choices list them. */
  inputs(): string[] {
    return [...this.#files.keys()]
      .filter((path) => /^input\/[^/]*$/.test(path))
      .map((path) => path.slice('input/'.length))
  }

  /** At the start of a real server its temp folder is emptied (facts 7). */
  emptyTemp(): void {
    for (const path of this.#files.keys()) if (path.startsWith('temp/')) this.#files.delete(path)
  }
}

function key(type: FolderType, subfolder: string, filename: string): string {
  return [type, subfolder, filename].filter(Boolean).join('/')
}

function isSame(content: Content, data: Uint8Array): boolean {
  if (content.bytes !== data.length) return false
  return Buffer.concat([...content.read(0, content.bytes)]).equals(data)
}

/** An MP4 file with a track of pictures, well formed from outside; inside is noise. */
export function madeUpVideo(bytes: number): Content {
  const noise = madeUp(bytes)
  const head = mp4Head(bytes)
  return {
    bytes,
    *read(start, end) {
      if (start < head.length) yield head.subarray(start, Math.min(end, head.length))
      if (end > head.length) yield* noise.read(Math.max(start, head.length), end)
    },
  }
}

/** What comes before the noise in a file of so many bytes: what it is, what is in it, and the beginning of the last part. */
function mp4Head(bytes: number): Buffer {
  const handler = part('hdlr', Buffer.alloc(8), Buffer.from('vide'), Buffer.alloc(13))
  const start = [
    part('ftyp', Buffer.from('mp42\0\0\0\0mp42isomavc1mp41', 'latin1')),
    part('moov', part('trak', part('mdia', handler))),
  ]
  const film = Buffer.alloc(16) // with a length of 64 bits
  film.writeUInt32BE(1)
  film.write('mdat', 4)
  film.writeBigUInt64BE(BigInt(Math.max(16, bytes - start.reduce((sum, { length }) => sum + length, 0))), 8)
  return Buffer.concat([...start, film]).subarray(0, bytes)
}

function part(name: string, ...content: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.reduce((sum, { length }) => sum + length, 8))
  head.write(name, 4)
  return Buffer.concat([head, ...content])
}

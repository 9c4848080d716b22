/**
 * The thread of ffmpeg. It speaks what @ffmpeg/ffmpeg says to a thread of its own (LOAD, EXEC …), and one thing more:
 * mounted as OPFS, a file of this device's storage is written to directly, so that no result ever has to fit in memory.
 */
import { writeAll } from '../storage/write-all'

/** What is used of @ffmpeg/core, which declares no types. Positions and lengths are bytes. */
interface Core {
  readonly FS: FileSystem
  /** The last exit code. */
  readonly ret: number
  exec(...args: readonly string[]): void
  ffprobe(...args: readonly string[]): void
  setTimeout(ms: number): void
  reset(): void
  setLogger(hear: (data: unknown) => void): void
  setProgress(hear: (data: unknown) => void): void
}

/** Emscripten's. */
interface FileSystem {
  mkdir(path: string): void
  mount(type: unknown, options: unknown, path: string): unknown
  readFile(path: string, options: { readonly encoding: string }): unknown
  writeFile(path: string, data: Uint8Array | string): void
  unlink(path: string): void
  lookupPath(path: string): { readonly node: Record<'node_ops' | 'stream_ops', Record<string, unknown>> }
  readonly filesystems: { readonly WORKERFS: unknown }
  readonly ErrnoError: new (errno: number) => Error
}

interface Stream {
  readonly position: number
}

interface Message {
  readonly id: number
  readonly type: string
  // Each type has its own; @ffmpeg/ffmpeg is the only one to send them.
  readonly data: {
    readonly coreURL: string
    readonly wasmURL: string
    readonly args: readonly string[]
    readonly path: string
    readonly data: Uint8Array | string
    readonly encoding: string
    readonly fsType: string
    readonly options: { readonly blobs: { name: string; data: Blob }[]; readonly file: FileSystemFileHandle }
    readonly mountPoint: string
  }
}

let core: Core | undefined
/** By path. */
const outputs = new Map<string, FileSystemSyncAccessHandle>()

self.onmessage = async ({ data: { id, type, data } }: MessageEvent<Message>): Promise<void> => {
  try {
    const answer = type === 'LOAD' ? await load(data) : await answerTo(type, data, loaded())
    const transfer = answer instanceof Uint8Array ? [answer.buffer] : []
    self.postMessage({ id, type, data: answer }, { transfer })
  } catch (error) {
    self.postMessage({ id, type: 'ERROR', data: String(error) })
  }
}

function loaded(): Core {
  if (!core) throw new Error('ffmpeg is not loaded.')
  return core
}

async function load({ coreURL, wasmURL }: Message['data']): Promise<boolean> {
  const module: { default: (options: { mainScriptUrlOrBlob: string }) => Promise<Core> } = await import(
    /* @vite-ignore */ coreURL
  )
  // The core finds the URL of its WebAssembly here, behind the hash.
  const urls = btoa(JSON.stringify({ wasmURL }))
  core = await module.default({ mainScriptUrlOrBlob: `${coreURL}#${urls}` })
  core.setLogger((data) => self.postMessage({ type: 'LOG', data }))
  core.setProgress((data) => self.postMessage({ type: 'PROGRESS', data }))
  return true
}

function answerTo(type: string, data: Message['data'], { FS }: Core): unknown {
  switch (type) {
    case 'EXEC':
      return run('exec', data.args)
    case 'FFPROBE':
      return run('ffprobe', data.args)
    case 'WRITE_FILE':
      return FS.writeFile(data.path, data.data)
    case 'READ_FILE':
      return FS.readFile(data.path, { encoding: data.encoding })
    case 'DELETE_FILE':
      return FS.unlink(data.path)
    case 'MOUNT':
      if (data.fsType === 'OPFS') return mountOutput(data.options.file, data.mountPoint)
      FS.mkdir(data.mountPoint)
      FS.mount(FS.filesystems.WORKERFS, data.options, data.mountPoint)
      return true
    case 'UNMOUNT':
      outputs.get(data.mountPoint)?.close()
      return outputs.delete(data.mountPoint)
    default:
      throw new Error(`ffmpeg is not asked for ${type} here.`)
  }
}

/** Returns ffmpeg's exit code; what it wrote is on disk then. */
function run(program: 'exec' | 'ffprobe', args: readonly string[]): number {
  const module = loaded()
  module.setTimeout(-1)
  module[program](...args)
  const code = module.ret
  module.reset()
  for (const output of outputs.values()) output.flush()
  return code
}

/** As WASI numbers them. */
const NO_SPACE = 51 // ENOSPC
const IO_ERROR = 29 // EIO

/** Makes a file of ffmpeg's whose bytes are those of the handle's. */
async function mountOutput(handle: FileSystemFileHandle, path: string): Promise<boolean> {
  const file = await handle.createSyncAccessHandle()
  outputs.set(path, file)
  file.truncate(0)
  const { FS } = loaded()
  FS.writeFile(path, '')
  const { node } = FS.lookupPath(path)
  node.node_ops = {
    ...node.node_ops,
    setattr: (_node: unknown, { size }: { size?: number }) => {
      if (size !== undefined) file.truncate(size)
    },
  }
  node.stream_ops = {
    ...node.stream_ops,
    read: (_: Stream, buffer: Int8Array<ArrayBuffer>, offset: number, length: number, at: number) =>
      file.read(buffer.subarray(offset, offset + length), { at }),
    write(_: Stream, buffer: Int8Array<ArrayBuffer>, offset: number, length: number, at: number) {
      try {
        writeAll(file, new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length), at)
        return length
      } catch (error) {
        self.postMessage({ type: 'LOG', data: { type: 'stderr', message: `Writing: ${error}` } })
        const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
        throw new FS.ErrnoError(isFull ? NO_SPACE : IO_ERROR)
      }
    },
    llseek(stream: Stream, offset: number, whence: number) {
      const from = [0, stream.position, file.getSize()][whence] ?? 0
      return from + offset
    },
  }
  return true
}

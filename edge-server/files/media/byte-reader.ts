/** Reads a large file here and there, a window at a time, without holding more than that. */
import type { FileHandle } from 'node:fs/promises'
import { malformed } from '../refusals'

const windowBytes = 64 * 1024

export interface ByteReader {
  /** Bytes of the file. */
  readonly size: number
  /** `length` bytes from an offset, at most 64 kB; good until the next read. Throws a Refusal where the file ends before. */
  bytes(at: number, length: number): Promise<Buffer>
  /** What is there from an offset on, as much as comes at once; less than `atLeast` (1) only at the end of the file. Good until the next read. */
  some(at: number, atLeast?: number): Promise<Buffer>
  uint32(at: number): Promise<number> // big-endian
  /** Latin-1. */
  text(at: number, length: number): Promise<string>
}

/** The handle stays the caller's. */
export function byteReader(handle: FileHandle, size: number): ByteReader {
  const window = Buffer.allocUnsafe(windowBytes)
  let start = 0
  let filled = 0

  /** The window, moved where it does not hold the bytes. */
  async function hold(at: number, length: number): Promise<Buffer> {
    if (at < start || at + length > start + filled) {
      ;[start, filled] = [at, 0]
      while (filled < Math.min(windowBytes, size - start)) {
        const { bytesRead } = await handle.read(window, filled, windowBytes - filled, start + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
    }
    return window.subarray(at - start, filled)
  }
  async function bytes(at: number, length: number): Promise<Buffer> {
    if (at + length > size) throw malformed('it ends too early')
    const held = await hold(at, length)
    if (held.length < length) throw malformed('it ends too early')
    return held.subarray(0, length)
  }
  return {
    size,
    bytes,
    some: async (at, atLeast = 1) => (at < size ? hold(at, Math.min(atLeast, size - at)) : Buffer.alloc(0)),
    uint32: async (at) => (await bytes(at, 4)).readUInt32BE(),
    text: async (at, length) => (await bytes(at, length)).toString('latin1'),
  }
}

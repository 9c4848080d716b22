/** A folder of files by content: `ab/<sha256>` with `ab/<sha256>.json` beside it. Several servers may share one. */
import { statSync } from 'node:fs'
import { chmod, mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../errors'
import type { AddedFile, FileLimits, Files, NewFile, StoredFile } from './files'
import { harmlessName } from './harmless-name'
import { hashFile, receive, removeLeftovers, temporaryPath } from './incoming'
import { writeJson } from './json-file'
import { formatOf, headCheck } from './media/head'
import { inspect } from './media/inspect'
import { HEAD_BYTES } from './media/sniff'
import { fileGone, readFile } from './read-file'
import { diskFull, empty, tooLarge, unsupported } from './refusals'
import { openRoom } from './room'
import { isFileId, readSidecar } from './sidecar'
import { inTurn } from './turns'

/** Opens the folder, making it where there is none, and removes what a crash left half received. */
export async function openFiles(folder: string, limits: FileLimits): Promise<Files> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  await removeLeftovers(folder)
  const room = openRoom(folder, limits, countBytes)
  const turns = inTurn()

  const pathOf = (id: string) => join(folder, id.slice(0, 2), id)

  async function find(id: string): Promise<StoredFile | undefined> {
    if (!isFileId(id)) return undefined
    const file = await readSidecar(`${pathOf(id)}.json`)
    const found = await stat(pathOf(id)).catch(() => undefined)
    return file?.id === id && found?.isFile() && found.size === file.bytes ? file : undefined
  }

  /** Checks a complete file on this disk and moves it into place. */
  async function settle(
    path: string,
    { name, accept }: Omit<NewFile, 'stream' | 'maxBytes'>,
    received: { readonly sha256: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<AddedFile> {
    const { kind, type, end: bytes } = await check(path, accept, received.bytes, signal)
    if (bytes < received.bytes) await truncate(path, bytes)
    const id = bytes === received.bytes ? received.sha256 : await hashFile(path, signal)
    signal.throwIfAborted()
    return turns(id, async () => {
      const known = await find(id)
      const file = { id, kind, type, bytes, name: harmlessName(name, type), addedMs: Date.now() }
      const part = join(folder, id.slice(0, 2))
      await mkdir(part, { recursive: true, mode: 0o700 })
      if (!known) await rename(path, pathOf(id))
      else await rm(path, { force: true })
      try {
        await writeJson(`${pathOf(id)}.json`, file)
      } catch (error) {
        if (!known) await rm(pathOf(id), { force: true })
        throw error
      }
      await syncFolder(part)
      if (!known) room.take(bytes)
      return { ...file, isNew: !known }
    })
  }

  async function add({ stream, maxBytes, ...file }: NewFile, signal: AbortSignal): Promise<AddedFile> {
    const path = temporaryPath(folder)
    using place = await room.reserve()
    const seeHead = headCheck(file.accept)
    try {
      const received = await receive(
        stream,
        path,
        (chunk, before) => {
          if (before + chunk.length > maxBytes) throw tooLarge(maxBytes)
          place.grow(chunk.length)
          seeHead(chunk)
        },
        signal,
      )
      if (received.bytes === 0) throw empty()
      return await settle(path, file, received, signal)
    } catch (error) {
      throw asRefusal(error)
    } finally {
      await rm(path, { force: true })
    }
  }

  async function adopt(
    path: string,
    { maxBytes, ...file }: Omit<NewFile, 'stream'>,
    signal: AbortSignal,
  ): Promise<AddedFile> {
    try {
      const { size } = await stat(path)
      if (size === 0) throw empty()
      if (size > maxBytes) throw tooLarge(maxBytes)
      using place = await room.reserve()
      place.grow(size, true)
      await check(path, file.accept, size, signal) // before the long work
      await chmod(path, 0o600)
      return await settle(path, file, { sha256: await hashFile(path, signal), bytes: size }, signal)
    } catch (error) {
      if (error instanceof Refusal) await rm(path, { force: true })
      throw asRefusal(error)
    }
  }

  /** Without what is known of them: there may be many. */
  async function countBytes(): Promise<number> {
    let bytes = 0
    for await (const id of ids()) bytes += (await stat(pathOf(id)).catch(() => undefined))?.size ?? 0
    return bytes
  }

  async function* ids(): AsyncGenerator<string, void> {
    for (const part of await readdir(folder)) {
      if (/^[0-9a-f]{2}$/.test(part)) yield* (await readdir(join(folder, part))).filter(isFileId)
    }
  }

  async function* list(): AsyncGenerator<StoredFile, void> {
    for await (const id of ids()) {
      const file = await find(id)
      if (file) yield file
    }
  }

  return {
    add,
    adopt,
    find,
    list,
    read(id, range) {
      const found = isFileId(id) ? statSync(pathOf(id), { throwIfNoEntry: false }) : undefined
      if (!found) throw fileGone()
      return readFile(pathOf(id), range ?? { start: 0, end: found.size - 1 })
    },
    remove: (id, addedBeforeMs = Number.POSITIVE_INFINITY) =>
      turns(id, async () => {
        const file = await find(id)
        if (!file || file.addedMs >= addedBeforeMs) return
        // The sidecar first: a crash in between leaves bytes that nobody lists, not a file without its bytes.
        await rm(`${pathOf(id)}.json`, { force: true })
        await rm(pathOf(id), { force: true })
        room.give(file.bytes)
      }),
    usage: room.used,
  }
}

/** Makes the names in a folder outlast a power cut, where the system can do that. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await opened(path)
  await folder.handle.sync()
}

async function check(path: string, accept: NewFile['accept'], bytes: number, signal: AbortSignal) {
  await using file = await opened(path)
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  const media = await inspect(file.handle, bytes, formatOf(buffer.subarray(0, bytesRead), accept))
  signal.throwIfAborted()
  if (!accept.includes(media.kind)) throw unsupported(accept)
  return media
}

async function opened(path: string) {
  const handle = await open(path)
  return { handle, [Symbol.asyncDispose]: () => handle.close() }
}

/** A full disk is said as such; every other error stays as it is. */
function asRefusal(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull() : error
}

/** Where resumable uploads wait until they are complete: `<id>` holds the bytes so far, `<id>.json` what was announced. */
import { chmodSync, mkdirSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { DataStore, ERRORS, Upload } from '@tus/server'
import * as v from 'valibot'
import { readJson, writeJson } from './json-file'
import { headCheck } from './media/head'
import { diskFull, silent } from './refusals'
import { openSink } from './sink'

const Announced = v.object({
  size: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: v.string(),
  kind: v.picklist(['image', 'video']),
  createdMs: v.number(),
  /** The stored file it became. */
  file: v.optional(v.string()),
})

/** What a client said it would send. */
export type Announced = v.InferOutput<typeof Announced>

const idPattern = /^[0-9a-f]{32}$/ // ours; nothing else becomes part of a path
const hour = 3_600_000

export class UploadStore extends DataStore {
  readonly #folder: string
  readonly #expiryMs: number
  readonly #silenceMs: number

  /** Makes the folder. What is not complete after `expiryMs` may be removed; a sender may be silent for `silenceMs`. */
  constructor(folder: string, { expiryMs, silenceMs }: { expiryMs: number; silenceMs: number }) {
    super()
    this.#folder = folder
    this.#expiryMs = expiryMs
    this.#silenceMs = silenceMs
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration']
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  }

  /** Where the bytes of an upload are. Throws a "not found" of the protocol for an id that is not one of ours. */
  pathOf(id: string): string {
    if (!idPattern.test(id)) throw ERRORS.FILE_NOT_FOUND
    return join(this.#folder, id)
  }

  async announced(id: string): Promise<Announced | undefined> {
    return idPattern.test(id) ? readJson(`${this.pathOf(id)}.json`, Announced) : undefined
  }

  announce(id: string, upload: Announced): Promise<void> {
    return writeJson(`${this.pathOf(id)}.json`, upload)
  }

  override async create(upload: Upload): Promise<Upload> {
    const path = this.pathOf(upload.id)
    const { name, kind } = upload.metadata ?? {}
    try {
      await (await open(path, 'wx', 0o600)).close()
      await this.announce(
        upload.id,
        v.parse(Announced, { size: upload.size, name: name ?? '', kind, createdMs: Date.now() }),
      )
    } catch (error) {
      await this.remove(upload.id)
      throw full(error)
    }
    return upload
  }

  /** Writes what comes at the offset; what came stays also when the rest does not. Throws a Refusal for what begins as no such file. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const announced = await this.announced(id)
    if (!announced || announced.file) return offset // complete, and a stored file since
    const seeHead = offset === 0 ? headCheck([announced.kind]) : () => {}
    const handle = await open(this.pathOf(id), 'r+')
    const silence = setTimeout(() => stream.destroy(silent(this.#silenceMs)), this.#silenceMs)
    const sink = openSink(handle, offset)
    let at = offset
    try {
      try {
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          silence.refresh()
          seeHead(chunk)
          await sink.write(chunk)
          at += chunk.length
        }
      } finally {
        clearTimeout(silence)
        await sink.end()
      }
    } catch (error) {
      throw full(error)
    } finally {
      await sink.settle()
      await handle.close()
    }
    return at
  }

  override async getUpload(id: string): Promise<Upload> {
    const announced = await this.announced(id)
    if (!announced) throw ERRORS.FILE_NOT_FOUND
    const { size, name, kind, createdMs, file } = announced
    const found = file ? { size } : await stat(this.pathOf(id)).catch(() => undefined)
    if (!found) throw ERRORS.FILE_NO_LONGER_EXISTS
    const creation_date = new Date(createdMs).toISOString()
    return new Upload({ id, size, offset: found.size, metadata: { name, kind }, creation_date })
  }

  override async remove(id: string): Promise<void> {
    await rm(`${this.pathOf(id)}.json`, { force: true })
    await rm(this.pathOf(id), { force: true })
  }

  override getExpiration(): number {
    return this.#expiryMs
  }

  /** What is announced and not yet a stored file. */
  async pending(): Promise<{ readonly count: number; readonly bytes: number }> {
    let [count, bytes] = [0, 0]
    for (const name of await readdir(this.#folder)) {
      const [id = '', extension] = name.split('.')
      const announced = extension === 'json' ? await this.announced(id) : undefined
      if (!announced || announced.file) continue
      count += 1
      bytes += announced.size
    }
    return { count, bytes }
  }

  /** Removes uploads that were begun too long ago, and what a crash left of others. */
  override async deleteExpired(): Promise<number> {
    let removed = 0
    for (const name of await readdir(this.#folder)) {
      const [id = '', extension] = name.split('.')
      const announced = await this.announced(id)
      const isPart = (extension === undefined || name.endsWith('.json')) && announced !== undefined
      const found = await stat(join(this.#folder, name)).catch(() => undefined)
      const since = isPart ? announced.createdMs + this.#expiryMs : (found?.mtimeMs ?? Date.now()) + hour
      if (Date.now() < since) continue
      await rm(join(this.#folder, name), { force: true })
      removed += 1
    }
    return removed
  }
}

function full(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull() : error
}

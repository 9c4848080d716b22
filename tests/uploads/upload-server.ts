/** The routes for files behind a real HTTP server, over a folder of their own. */
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { answerError, Refusal } from '../../edge-server/errors'
import type { Files } from '../../edge-server/files/files'
import { openFiles } from '../../edge-server/files/open-files'
import { openUploads, type Uploads } from '../../edge-server/files/uploads'
import { fileDownloadRoutes, uploadRoutes } from '../../edge-server/routes/uploads'

export interface UploadServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly files: Files
  readonly uploads: Uploads
  /** Holds `files/` and `uploads/`. */
  readonly folder: string
  /** Every file below the folder, sorted. */
  onDisk(): Promise<readonly string[]>
  /** Cuts every connection, as a lost network does. */
  cut(): void
  /** Closes and opens again on the same port and folder. */
  restart(): Promise<UploadServer>
}

interface Options {
  readonly maxImageBytes?: number
  readonly maxVideoBytes?: number
  readonly quotaBytes?: number
  readonly spareBytes?: number
  readonly silenceMs?: number
  readonly expiryMs?: number
}

/** Disposing removes the folder. */
export async function startUploadServer(options: Options = {}): Promise<UploadServer> {
  return start(await mkdtemp(join(tmpdir(), 'uploads-')), 0, options)
}

async function start(folder: string, wantedPort: number, options: Options): Promise<UploadServer> {
  const { spareBytes = 0, silenceMs = 30_000, expiryMs = 86_400_000 } = options
  const limits = {
    maxImageBytes: options.maxImageBytes ?? 2 ** 25,
    maxVideoBytes: options.maxVideoBytes ?? 2 ** 31,
    quotaBytes: options.quotaBytes ?? 2 ** 36,
  }
  const files = await openFiles(join(folder, 'files'), { ...limits, spareBytes })
  const path = '/api/upload/tus'
  const uploads = await openUploads(join(folder, 'uploads'), files, limits, { path, expiryMs, silenceMs })
  const app = new Hono()
  app.onError(answerError)
  app.notFound((c) => answerError(new Refusal(404, 'NotFound', 'Nothing here.'), c))
  app.route('/api/upload', uploadRoutes({ files, uploads, limits, silenceMs }))
  app.route('/api/files', fileDownloadRoutes(files))
  const server = serve({ fetch: app.fetch, port: wantedPort, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  function cut(): void {
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
  async function close(): Promise<void> {
    cut()
    server.close()
    await once(server, 'close')
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    files,
    uploads,
    folder,
    async onDisk() {
      const found = await readdir(folder, { recursive: true, withFileTypes: true })
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .sort()
    },
    cut,
    async restart() {
      await close()
      return start(folder, port, options)
    },
    async [Symbol.asyncDispose]() {
      await close()
      await rm(folder, { recursive: true })
    },
  }
}

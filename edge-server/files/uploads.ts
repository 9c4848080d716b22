/** Uploads that go on where they stopped, by the tus protocol 1.0. A finished one becomes a stored file. */
import { randomBytes } from 'node:crypto'
import { Server, type Upload } from '@tus/server'
import { Refusal } from '../errors'
import type { Files, StoredFile } from './files'
import { empty, quotaExceeded, tooLarge } from './refusals'
import { inTurn } from './turns'
import { type Announced, UploadStore } from './upload-store'

export interface UploadLimits {
  readonly maxImageBytes: number
  readonly maxVideoBytes: number
  /** Of everything stored and announced. */
  readonly quotaBytes: number
}

export interface Uploads {
  /** Answers a request of the protocol. Throws a Refusal. */
  handle(request: Request): Promise<Response>
  /**
   * The file that a finished upload became. Asking also finishes one whose last bytes came before the server ended. Throws a Refusal: NotFound,
   * Conflict where bytes are missing, and those of Files.
   */
  fileOf(id: string, signal: AbortSignal): Promise<StoredFile>
  /** Removes what nobody went on with for a day. */
  sweep(): Promise<void>
}

interface UploadOptions {
  /** Path of the API under which `handle` is reached. */
  readonly path: string
  /** Default a day. */
  readonly expiryMs?: number
  /** How long a sender may be silent. Default a minute. */
  readonly silenceMs?: number
}

const maxPending = 64
const day = 86_400_000

/** Opens the folder of unfinished uploads, on the same disk as `files`. */
export async function openUploads(
  folder: string,
  files: Files,
  limits: UploadLimits,
  { path, expiryMs = day, silenceMs = 60_000 }: UploadOptions,
): Promise<Uploads> {
  const store = new UploadStore(folder, { expiryMs, silenceMs })
  await store.deleteExpired()
  const turns = inTurn()
  const maxBytes = { image: limits.maxImageBytes, video: limits.maxVideoBytes }
  const thrown = new WeakMap<Request, Error>()

  const server = new Server({
    path,
    datastore: store,
    relativeLocation: true, // whatever name the client knows us by
    lockDrainTimeout: 500, // for a connection that broke, when the same upload comes by another
    namingFunction: () => randomBytes(16).toString('hex'),
    getFileIdFromRequest: (_request, last) => (last && /^[0-9a-f]{32}$/.test(last) ? last : undefined),
    onUploadCreate: (_request, upload) => turns('create', () => admit(upload)),
    async onUploadFinish(request, { id }) {
      await finish(id, request.signal)
      return {}
    },
    onResponseError(request, error) {
      if (error instanceof Error && !('status_code' in error)) thrown.set(request, error)
      return undefined
    },
  })

  /** Announced bytes count as stored, so that two uploads cannot both have the last of the room. */
  async function admit({ size = 0, metadata }: Upload): Promise<{ metadata: Record<string, string> }> {
    const { kind, name } = metadata ?? {}
    if (kind !== 'image' && kind !== 'video') {
      throw new Refusal(400, 'BadRequest', 'The metadata must have a kind, image or video.')
    }
    if (size === 0) throw empty()
    if (size > maxBytes[kind]) throw tooLarge(maxBytes[kind])
    const pending = await store.pending()
    if (pending.count >= maxPending) throw new Refusal(429, 'TooMany', 'Too many uploads are unfinished.')
    if ((await files.usage()) + pending.bytes + size > limits.quotaBytes) throw quotaExceeded()
    return { metadata: { kind, name: (name ?? '').slice(0, 1000) } }
  }

  const finish = (id: string, signal: AbortSignal): Promise<StoredFile> =>
    turns(id, async () => {
      const announced = await store.announced(id)
      if (!announced) throw new Refusal(404, 'NotFound', 'There is no such upload.')
      const known = announced.file && (await files.find(announced.file))
      if (known) return known
      if (announced.file) throw new Refusal(404, 'NotFound', 'The file of this upload was removed.')
      const { size, offset } = await store.getUpload(id).catch(() => ({ size: 1, offset: 0 }))
      if (size !== offset) throw new Refusal(409, 'Conflict', 'The upload is not finished.')
      return adopt(id, announced, signal)
    })

  async function adopt(id: string, announced: Announced, signal: AbortSignal): Promise<StoredFile> {
    const { kind, name } = announced
    try {
      const path = store.pathOf(id)
      const { isNew: _, ...file } = await files.adopt(
        path,
        { name, accept: [kind], maxBytes: maxBytes[kind] },
        signal,
      )
      await store.announce(id, { ...announced, file: file.id })
      return file
    } catch (error) {
      if (error instanceof Refusal) await store.remove(id)
      throw error
    }
  }

  return {
    async handle(request) {
      const answer = await server.handleWeb(request)
      if (answer.status >= 400) {
        const id = new URL(request.url).pathname.split('/').at(-1) ?? ''
        const reason = thrown.get(request) ?? refusalOf(answer.status)
        // More than was announced, or another kind of file: the rest is not wanted.
        const isHopeless = reason instanceof Refusal && (reason.status === 413 || reason.status === 415)
        if (isHopeless && request.method === 'PATCH') await store.remove(id)
        throw reason
      }
      // Other sites have no business here, whatever the server of the protocol thinks.
      for (const name of [...answer.headers.keys()]) {
        if (name.startsWith('access-control-')) answer.headers.delete(name)
      }
      return answer
    },
    fileOf: finish,
    async sweep() {
      await store.deleteExpired()
    },
  }
}

/** What the server of the protocol answers with, in our words. */
function refusalOf(status: number): Refusal {
  switch (status) {
    case 404:
      return new Refusal(404, 'NotFound', 'There is no such upload.')
    case 410:
      return new Refusal(410, 'NotFound', 'This upload is not here any more. Begin again.')
    case 409:
      return new Refusal(409, 'Conflict', 'The server has another number of bytes of this upload.')
    case 413:
      return new Refusal(413, 'TooLarge', 'More came than was announced.')
    case 500: // its own word for a lock that another connection holds
      return new Refusal(423, 'Conflict', 'This upload is being received by another connection.')
    default:
      return new Refusal(status === 412 ? 412 : 400, 'BadRequest', 'This is not a request of tus 1.0.')
  }
}

/** A server with stand-ins as its boxes, and a picture to work on. */
import type { StoredFile } from '../../edge-server/files/files'
import type { Job, JobRequest } from '../../edge-server/jobs/job'
import { type StandIn, type StandInOptions, startStandIn } from '../comfy/stand-in'
import {
  boxesAt,
  dataFolder,
  openServer,
  type ServerOptions,
  type ServerParts,
  storePicture,
} from './server-parts'
import { type Toy, toyGraphs, toyRequest } from './toys'

/** 2 × 1 pixels, as no stand-in has of its own: what comes back went there and back. */
export const picturePng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DwHwgBAAr8Av7n2yGUAAAAAElFTkSuQmCC',
  'base64',
)

export interface Scene extends AsyncDisposable {
  readonly server: ServerParts
  readonly box: StandIn
  readonly boxes: readonly StandIn[]
  readonly folder: string
  readonly picture: StoredFile
  /** Queues a job for a toy. */
  add(toy: Toy, parameters?: JobRequest['parameters']): Promise<Job>
}

export interface SceneOptions extends ServerOptions {
  /** One stand-in for each; they are called "attic", "barn", "cellar". */
  readonly boxes?: readonly StandInOptions[]
  readonly concurrency?: number
}

const NAMES = ['attic', 'barn', 'cellar']

export async function openScene({
  boxes: wanted = [{}],
  concurrency,
  ...options
}: SceneOptions = {}): Promise<Scene> {
  const folder = await dataFolder()
  const boxes = await Promise.all(wanted.map((box) => startStandIn({ graphs: toyGraphs, ...box })))
  const urls = Object.fromEntries(boxes.map(({ url }, at) => [NAMES[at] ?? '', url]))
  const server = await openServer(folder.path, boxesAt(urls, concurrency), options)
  const picture = await storePicture(server, picturePng)
  const [box] = boxes
  if (!box) throw new Error('A scene has at least one box.')
  return {
    server,
    box,
    boxes,
    folder: folder.path,
    picture,
    add: async (toy, parameters) => (await server.jobs.add(toyRequest(toy, picture.id, parameters))).job,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      for (const box of boxes) await box.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

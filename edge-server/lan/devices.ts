/** The paired devices: who may come in from the network. Only hashes of their tokens are kept. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { privateFolder, readIfThere, writePrivately } from './private-files'

export interface Device {
  readonly id: string // UUID
  /** In short words: "Safari on iPhone". */
  readonly name: string
  readonly firstSeenMs: number
  readonly lastSeenMs: number
}

export interface Devices extends AsyncDisposable {
  readonly list: readonly Device[]
  /**
   * Lets one in; `token` is for its cookie and known nowhere else. One that is in already, by the id `known`, gets a new token in place of
   * its old one. Undefined where no more fit.
   */
  add(name: string, known?: string): Promise<{ readonly device: Device; readonly token: string } | undefined>
  /** Whose token it is. */
  find(token: string): Device | undefined
  /** Notes that it was here now; gives false where it was noted less than a day ago. */
  see(id: string): boolean
  /** Tells whether there was one. */
  remove(id: string): Promise<boolean>
  /** Hears the id of one that was removed, also by another server on the same folder. */
  watch(listener: (id: string) => void): Disposable
}

const StoredDevices = v.array(
  v.object({
    id: v.string(),
    name: v.string(),
    tokenHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    firstSeenMs: v.number(),
    lastSeenMs: v.number(),
  }),
)
type StoredDevice = v.InferOutput<typeof StoredDevices>[number]

const DAY_MS = 24 * 60 * 60 * 1000
/** As long as the cookie. */
export const UNSEEN_MS = 365 * DAY_MS
const MAX_DEVICES = 64
/** How often the file is looked at, for what another server wrote. */
const LOOK_MS = 1000

/** Throws where the file is there and cannot be read: starting without the devices would lock everybody out for good. */
export async function openDevices(folder: string, now: () => number = Date.now): Promise<Devices> {
  await privateFolder(folder)
  const file = join(folder, 'devices.json')
  const listeners = new Set<(id: string) => void>()
  let devices: readonly StoredDevice[] = []
  let mark = ''
  let lookedMs = now()
  /** Changes of the file, one after the other. */
  let writing: Promise<unknown> = Promise.resolve()

  function use(next: readonly StoredDevice[]): void {
    const gone = devices.filter(({ id }) => !next.some((device) => device.id === id))
    devices = next
    for (const { id } of gone) for (const hear of listeners) hear(id)
  }

  async function stored(): Promise<readonly StoredDevice[]> {
    const known = parse(await readIfThere(file), file)
    return known.filter(({ lastSeenMs }) => lastSeenMs > now() - UNSEEN_MS)
  }

  async function read(): Promise<void> {
    const before = markOf(file)
    use(await stored())
    mark = before
  }

  /** Changes what the file says now, which another server may have written. */
  function change(to: (devices: readonly StoredDevice[]) => readonly StoredDevice[]): Promise<void> {
    const turn = writing.then(async () => {
      const next = to(await stored())
      await writePrivately(file, `${JSON.stringify(next, null, 2)}\n`)
      use(next)
      mark = markOf(file)
    })
    writing = turn.catch(() => {})
    return turn
  }

  function look(): void {
    if (now() - lookedMs < LOOK_MS) return
    lookedMs = now()
    if (markOf(file) === mark) return
    writing = writing.then(read).catch((error) => console.error('The list of devices cannot be read.', error))
  }

  await read()
  return {
    get list() {
      return devices.map(({ tokenHash: _, ...device }) => device)
    },
    async add(name, knownId) {
      const token = randomBytes(32).toString('base64url')
      let device: Device | undefined
      await change((known) => {
        const old = known.find(({ id }) => id === knownId)
        if (!old && known.length >= MAX_DEVICES) return known
        const { id, firstSeenMs } = old ?? { id: randomUUID(), firstSeenMs: now() }
        device = { id, name, firstSeenMs, lastSeenMs: now() }
        return [...known.filter((one) => one !== old), { ...device, tokenHash: hashOf(token) }]
      })
      return device && { device, token }
    },
    find(token) {
      look()
      const hash = hashOf(token)
      const found = devices.find(({ tokenHash }) => tokenHash === hash)
      if (!found || found.lastSeenMs <= now() - UNSEEN_MS) return undefined
      const { tokenHash: _, ...device } = found
      return device
    },
    see(id) {
      const known = devices.find((device) => device.id === id)
      if (!known || now() - known.lastSeenMs < DAY_MS) return false
      const seen = { ...known, lastSeenMs: now() }
      const update = (all: readonly StoredDevice[]) => all.map((one) => (one.id === id ? seen : one))
      devices = update(devices)
      change(update).catch((error) => console.error('The list of devices cannot be written.', error))
      return true
    },
    async remove(id) {
      let found = false
      await change((known) => {
        found = known.some((device) => device.id === id)
        return known.filter((device) => device.id !== id)
      })
      return found
    },
    watch(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    [Symbol.asyncDispose]: async () => void (await writing),
  }
}

function parse(text: string | undefined, file: string): readonly StoredDevice[] {
  if (text === undefined) return []
  try {
    return v.parse(StoredDevices, JSON.parse(text))
  } catch {
    const message = `${file} is damaged. Remove it, and pair your devices again.`
    throw Object.assign(new Error(message), { name: 'ConfigError' })
  }
}

/** Changes with each writing of the file. */
function markOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''
}

/** The token has 256 random bits: a plain hash cannot be turned back, and where it differs tells nothing. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

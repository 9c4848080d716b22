/** What this machine can do beyond the studio thread's own findings, and what was measured on it before. */
import * as v from 'valibot'
import type { Capabilities } from '../../workers/studio/studio-api'
import { database } from '../storage/db'

const KEY = 'capabilities'

const ms = v.optional(v.pipe(v.number(), v.minValue(0)))
const Remembered = v.object({
  key: v.string(),
  webgpu: v.optional(v.object({ adapter: v.string(), software: v.boolean() })),
  compositorMs: v.object({ webgpu: ms, cpu: ms }),
  compositor: v.picklist(['webgpu', 'cpu']),
  threads: v.number(),
  models: v.array(
    v.object({
      id: v.string(),
      task: v.string(),
      provider: v.picklist(['wasm', 'webgpu']),
      measuredMs: v.object({ wasm: ms, webgpu: ms }),
    }),
  ),
})

/** What was measured on an earlier visit, so that the next one starts at once. undefined: measure. */
export async function rememberedCapabilities(): Promise<Capabilities | undefined> {
  const stored = await database()
    .then((db) => db.get('settings', KEY))
    .catch(() => undefined) // no storage: every visit measures
  const parsed = v.safeParse(Remembered, stored)
  // Absent and undefined are the same here; the contract's optional fields say so more strictly.
  return parsed.success ? (parsed.output as Capabilities) : undefined
}

export const rememberCapabilities = (capabilities: Capabilities): Promise<unknown> =>
  database()
    .then((db) => db.put('settings', capabilities, KEY))
    .catch(() => undefined) // no storage: every visit measures

export interface Storage {
  readonly persisted: boolean
  readonly usedBytes: number
  readonly quotaBytes: number
}

export async function storageNow(): Promise<Storage> {
  const [persisted, estimate] = await Promise.all([
    navigator.storage?.persisted?.() ?? false,
    navigator.storage?.estimate?.() ?? {},
  ])
  return { persisted, usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0 }
}

/** Asks the browser not to clear what is stored when space runs short. */
export const persistStorage = (): Promise<boolean> => navigator.storage?.persist?.() ?? Promise.resolve(false)

/** Bytes this page and its threads use; undefined where the browser does not tell. May take seconds. */
export const memoryNow = (): Promise<number | undefined> =>
  performance.measureUserAgentSpecificMemory?.().then(
    ({ bytes }) => bytes,
    () => undefined,
  ) ?? Promise.resolve(undefined)

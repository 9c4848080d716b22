/** What is being prepared on the Generate page, kept on this device so that a reload loses nothing. */
import * as v from 'valibot'
import { database } from '../storage/db'

const KEY = 'generate'
const FILE_KEY = 'generate file '

const Value = v.union([v.string(), v.number(), v.boolean()])
const Draft = v.object({
  sentence: v.fallback(v.string(), ''),
  /** 'auto': nothing was chosen but the words. */
  mode: v.fallback(v.picklist(['auto', 'face', 'full-body', 'motion']), 'auto'),
  /** Chosen by hand; '' follows the sentence. */
  workflow: v.fallback(v.string(), ''),
  tier: v.fallback(v.picklist(['', 'fast', 'standard', 'high']), ''),
  /** Set by hand, by the names of parameters. */
  values: v.fallback(v.record(v.string(), Value), {}),
  /** The job whose output is shown; '' for none. */
  jobId: v.fallback(v.string(), ''),
})
export type Draft = v.InferOutput<typeof Draft>

/** Known fields that are as they should be. Never throws. */
export const parseDraft = (stored: unknown): Draft =>
  v.parse(Draft, typeof stored === 'object' && stored !== null ? stored : {})

/** A file that was brought along: the file itself, or one that the server keeps. */
export interface Brought {
  readonly kind: 'image' | 'video'
  readonly name: string
  readonly bytes: number
  readonly file?: File | undefined
  /** Where the server has it already. */
  readonly fileId?: string | undefined
  /** Of a take, whose file does not say. */
  readonly durationS?: number | undefined
}

export type Slot = `${Brought['kind']}:${number}`

export async function loadDraft(): Promise<{ draft: Draft; files: ReadonlyMap<Slot, Brought> }> {
  const db = await database()
  const draft = parseDraft(await db.get('drafts', KEY))
  const files = new Map<Slot, Brought>()
  for (const key of await db.getAllKeys('drafts')) {
    if (!key.startsWith(FILE_KEY)) continue
    const slot = key.slice(FILE_KEY.length)
    const brought = (await db.get('drafts', key)) as Partial<Brought> | undefined // written below
    if (isSlot(slot) && brought && (brought.file instanceof Blob || brought.fileId))
      files.set(slot, brought as Brought)
  }
  return { draft, files }
}

const isSlot = (text: string): text is Slot => /^(image|video):\d$/.test(text)

export async function storeDraft(draft: Draft): Promise<void> {
  await (await database()).put('drafts', structuredClone(draft), KEY)
}

/** Undefined removes what was kept there. Rejects with a QuotaExceededError where there is no room. */
export async function storeFile(slot: Slot, brought: Brought | undefined): Promise<void> {
  const db = await database()
  if (brought) await db.put('drafts', { ...brought }, FILE_KEY + slot)
  else await db.delete('drafts', FILE_KEY + slot)
}

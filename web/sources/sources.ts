import { transfer } from 'comlink'
import { onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { type Connection, connect } from '../../workers/rpc/connect'
import type { FoundFace, StudioApi } from '../../workers/studio/studio-api'
import { database, type SourceRecord } from '../storage/db'
import { problem, wordsFor } from '../words/errors'
import type { FaceQuestion } from './face-dialog'
import type { PicturesApi } from './pictures.worker'

/** A source as the page shows it. */
export interface SourceCard {
  readonly id: string
  readonly name: string
  readonly origin: SourceRecord['origin']
  readonly thumbnailUrl: string
}

export interface SourcesState {
  cards: readonly SourceCard[]
  activeId: string
  /** Pictures being read now. */
  reading: number
  /** Several faces were found: which one is meant? */
  question: FaceQuestion | undefined
}

const TURNED_RADIANS = 0.6
const SMALL_FACE = 72 // px

export interface SourcesParts {
  readonly findFaces: StudioApi['findFaces']
  readonly setSource: StudioApi['setSource']
  /** Something to say that is not an error: a face turned away, storage that is off. */
  readonly onNotice: (words: ReturnType<typeof wordsFor>) => void
  /** Another source is in use, or none (''). */
  readonly onActive: (id: string) => void
}

/** The characters to choose from. Kept on this device; one of them is in use. */
export function createSources({ findFaces, setSource, onNotice, onActive }: SourcesParts) {
  const [state, setState] = createStore<SourcesState>({
    cards: [],
    activeId: '',
    reading: 0,
    question: undefined,
  })
  const records = new Map<string, SourceRecord>()
  let thread: Connection<PicturesApi> | undefined
  const pictures = () => {
    thread ??= connect(
      new Worker(new URL('./pictures.worker.ts', import.meta.url), { type: 'module', name: 'pictures' }),
    )
    return thread
  }
  onCleanup(() => thread?.[Symbol.dispose]())
  let latest = 0 // a quick second choice overtakes the first

  const put = (record: SourceRecord) => {
    records.set(record.id, record)
    refresh()
  }
  const refresh = () => {
    const known = new Map(state.cards.map((card) => [card.id, card]))
    const cards = [...records.values()]
      .sort((a, b) => b.addedAt - a.addedAt)
      .map(({ id, name, origin, thumbnail }) => ({
        id,
        name,
        origin,
        thumbnailUrl: known.get(id)?.thumbnailUrl ?? URL.createObjectURL(thumbnail),
      }))
    for (const { id, thumbnailUrl } of state.cards) if (!records.has(id)) URL.revokeObjectURL(thumbnailUrl)
    setState('cards', reconcile(cards, { key: 'id' }))
  }
  onCleanup(() => state.cards.forEach(({ thumbnailUrl }) => void URL.revokeObjectURL(thumbnailUrl)))

  /** Storage that fails must not lose the picture: it stays until the page closes. */
  const store = async (record: SourceRecord) => {
    put(record)
    try {
      await (await database()).put('sources', record)
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError'
      onNotice(wordsFor(full ? error.name : 'StorageUnavailableError'))
    }
  }

  const use = async (id: string): Promise<void> => {
    const mine = ++latest
    const record = records.get(id)
    setState('activeId', record ? id : '')
    onActive(state.activeId)
    if (!record) return setSource(undefined)
    const image = await createImageBitmap(record.picture)
    if (mine !== latest) return image.close()
    const landmarks = record.landmarks.slice()
    return setSource(transfer({ image, landmarks }, [image, landmarks.buffer]))
  }

  const keep = async (id: number, face: FoundFace, name: string, origin: SourceRecord['origin']) => {
    const { api } = pictures()
    const [picture, thumbnail] = await Promise.all([api.encode(id), api.thumbnail(id, face.box)])
    const record = { id: crypto.randomUUID(), name, addedAt: Date.now(), origin, picture, thumbnail }
    await store({ ...record, landmarks: face.landmarks })
    return record.id
  }

  const facesIn = async (image: ImageBitmap): Promise<FoundFace[]> => {
    const faces = await findFaces(transfer(image, [image]))
    if (faces.length === 0) throw problem('NoFaceError')
    return faces
  }

  const ask = async (id: number, faces: readonly FoundFace[], name: string) => {
    const cuts = await Promise.all(faces.map(({ box }) => pictures().api.thumbnail(id, box)))
    const urls = cuts.map((cut) => URL.createObjectURL(cut))
    try {
      return await new Promise<readonly FoundFace[]>((resolve) => {
        const answer = (chosen: readonly number[]) => resolve(faces.filter((_, i) => chosen.includes(i)))
        setState('question', { name, urls, answer })
      })
    } finally {
      setState('question', undefined)
      for (const url of urls) URL.revokeObjectURL(url)
    }
  }

  const warn = ({ yaw, box }: FoundFace) => {
    if (Math.abs(yaw) > TURNED_RADIANS) onNotice(wordsFor('TurnedFaceWarning'))
    else if (Math.max(box.width, box.height) < SMALL_FACE) onNotice(wordsFor('SmallFaceWarning'))
  }

  /** Reads a picture, asks which face where there are several, keeps and uses it. Rejects with a named Error. */
  const add = async (file: Blob, name: string): Promise<string | undefined> => {
    setState('reading', (count) => count + 1)
    let opened: number | undefined
    try {
      const { id, image } = await pictures().api.read(file)
      opened = id
      const found = await facesIn(image)
      const chosen = found.length > 1 ? await ask(id, found, name) : found
      let added: string | undefined
      for (const [i, face] of chosen.entries()) {
        added = await keep(id, face, chosen.length > 1 ? `${name} ${i + 1}` : name, 'picture')
        warn(face)
      }
      if (added) await use(added)
      return added
    } finally {
      if (opened !== undefined) await pictures().api.close(opened)
      setState('reading', (count) => count - 1)
    }
  }

  /** Characters that come with the product; each picture is taken over. */
  const addDemo = async (portraits: readonly { readonly name: string; readonly image: ImageBitmap }[]) => {
    for (const { name, image: portrait } of portraits.toReversed()) {
      const { id, image } = await pictures().api.take(transfer(portrait, [portrait]))
      const [face] = await facesIn(image).catch(() => [])
      if (face) await keep(id, face, name, 'demo')
      await pictures().api.close(id)
    }
  }

  const rename = async (id: string, name: string): Promise<void> => {
    const record = records.get(id)
    if (record && name.trim()) await store({ ...record, name: name.trim() })
  }

  /** Gives back what brings the source back. */
  const remove = async (id: string): Promise<(() => Promise<void>) | undefined> => {
    const record = records.get(id)
    if (!record) return undefined
    const wasActive = state.activeId === id
    records.delete(id)
    refresh()
    if (wasActive) await use(state.cards[0]?.id ?? '')
    await database().then(
      (db) => db.delete('sources', id),
      () => undefined, // nothing was stored in the first place
    )
    return async () => {
      await store(record)
      if (wasActive) await use(id)
    }
  }

  /** Shows what was kept; nothing is in use yet. */
  const load = async (): Promise<void> => {
    const kept = await database().then((db) => db.getAllFromIndex('sources', 'addedAt'))
    for (const record of kept) if (isWhole(record)) records.set(record.id, record)
    refresh()
  }

  /** The whole record, to be sent to a thread. */
  const find = (id: string): SourceRecord | undefined => records.get(id)

  return { state, load, find, add, addDemo, use, rename, remove }
}

export type Sources = ReturnType<typeof createSources>

/** A record written by an older or a broken version may lack what is needed; it is left alone but not shown. */
const isWhole = ({ picture, thumbnail, landmarks }: Partial<SourceRecord>): boolean =>
  picture instanceof Blob && thumbnail instanceof Blob && landmarks?.length === 468 * 3

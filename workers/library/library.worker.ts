/** The library thread: knows what is kept on this device, sets it right after a crash, and looks after storage. */
import { expose } from 'comlink'
import { fileName } from './file-name'
import {
  allItems,
  changeItem,
  getItem,
  libraryFolder,
  listItems,
  onLibraryChange,
  openItem,
  removeItem,
} from './library'
import { type LibraryApi, type LibraryItem, UNDO_MS } from './library-item'
import { complete, isBeingWritten, reconcile } from './reconcile'
import { takeFile } from './take-file'
import { firstPng } from './zip'

const LOOK_AGAIN_MS = 11_000
/** Whoever presses Undo at the last moment is still in time. */
const GONE_AFTER_MS = UNDO_MS + 1000
const NAME_LENGTH = 120

/** Items whose file told nothing more: it is not asked twice. */
const asked = new Set<string>()
let lastTurn: Promise<unknown> = Promise.resolve()

async function setRight(): Promise<void> {
  if (await reconcile()) setTimeout(() => inTurn(setRight), LOOK_AGAIN_MS)
}

/** One after another: thumbnails are made while the list changes. */
function inTurn(work: () => Promise<void>): void {
  lastTurn = lastTurn.then(work).catch((error) => console.warn('library', error))
}

async function completeAll(): Promise<void> {
  for (const item of await listItems()) {
    if (item.state !== 'whole' || item.thumbnail || asked.has(item.id)) continue
    asked.add(item.id)
    const file = await openItem(item.id).catch(() => undefined) // removed meanwhile
    if (file) await complete(item, file)
  }
}

/** Takes away for good what nobody wanted back in time, now or when the time comes. */
async function sweep(): Promise<void> {
  const due = (await allItems()).filter(({ deletedAt }) => deletedAt !== undefined)
  const now = Date.now()
  let nextMs = Number.POSITIVE_INFINITY
  for (const { id, deletedAt = now } of due) {
    const leftMs = deletedAt + GONE_AFTER_MS - now
    if (leftMs > 0) nextMs = Math.min(nextMs, leftMs)
    else await removeItem(id)
  }
  if (Number.isFinite(nextMs)) setTimeout(() => inTurn(sweep), nextMs + 50)
}

async function asSeen(item: LibraryItem): Promise<LibraryItem> {
  if (item.state !== 'recording') return item
  const handle = await (await libraryFolder()).getFileHandle(item.id).catch(() => undefined)
  if (!handle || (await isBeingWritten(handle))) return item
  const { size } = await handle.getFile()
  return { ...item, state: 'interrupted', bytes: size }
}

const library: LibraryApi = {
  async open(onChange) {
    onLibraryChange(() => {
      onChange()
      inTurn(completeAll)
    })
    await setRight()
    inTurn(sweep)
    inTurn(completeAll)
  },
  async list() {
    return Promise.all((await listItems()).map(asSeen))
  },
  async file(id) {
    const [item, file] = await Promise.all([getItem(id), openItem(id)])
    return item ? new File([file], fileName(item.name, item.type), { type: item.type }) : file
  },
  async firstFrame(id) {
    return firstPng(await openItem(id))
  },
  async take(name, url) {
    await takeFile(name, url)
  },
  async rename(id, name) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    const clean = name.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
    if (clean) await changeItem(id, { name: clean.slice(0, NAME_LENGTH) })
  },
  async keep(id) {
    const { finishRecording } = await import('../recording/finish-recording') // with its muxers
    await finishRecording(id)
  },
  async remove(ids) {
    for (const id of ids) await changeItem(id, { deletedAt: Date.now() })
    inTurn(sweep)
  },
  async restore(ids) {
    for (const id of ids) await changeItem(id, { deletedAt: undefined })
  },
}

expose(library)

import { onCleanup } from 'solid-js'
import { createStore } from 'solid-js/store'
import { fileUrl, hasFile, type WorkflowView } from '../edge/edge'
import { upload } from '../edge/upload'
import { type Brought, type Slot, storeFile } from './draft'

/** A file that was brought along, as the page shows it. */
export interface ShownFile extends Brought {
  /** To look at it: of the file itself, or of the one on the server. */
  readonly url: string
}

/** A place for a file. */
export interface Place {
  readonly slot: Slot
  readonly kind: Brought['kind']
  readonly label: string
  readonly hint: string
  readonly isRequired: boolean
  /** Name of the workflow's input that it goes to; undefined where the workflow has no use for it. */
  readonly input: string | undefined
}

const ALWAYS = [
  { slot: 'image:0', kind: 'image', label: 'Reference picture', hint: 'Who or what it is about' },
  { slot: 'video:0', kind: 'video', label: 'Video', hint: 'Who moves, and how' },
] as const

/** The two places that are always there, named as the workflow names them, and any further ones it has. */
export function placesOf(workflow: WorkflowView | undefined): readonly Place[] {
  const counts = { image: 0, video: 0 }
  const declared = (workflow?.inputs ?? []).map(({ name, label, hint = '', kind, required }): Place => {
    const slot: Slot = `${kind}:${counts[kind]++}`
    return { slot, kind, label, hint, isRequired: required, input: name }
  })
  const others = ALWAYS.filter(({ slot }) => !declared.some((place) => place.slot === slot))
  return [...declared, ...others.map((place) => ({ ...place, isRequired: false, input: undefined }))].sort(
    (a, b) => rank(a.slot) - rank(b.slot),
  )
}

/** The picture first, then the video, then what else a workflow wants. */
const rank = (slot: Slot): number => ['image:0', 'video:0'].indexOf(slot) + 3 * (slot.endsWith(':0') ? 0 : 1)

/** The files that were brought along. They stay on this device until a job is sent. */
export function createBring(onNotKept: () => void) {
  const [files, setFiles] = createStore<Partial<Record<Slot, ShownFile>>>({})
  const letGo = (shown: ShownFile | undefined) => shown?.file && URL.revokeObjectURL(shown.url)
  onCleanup(() => Object.values(files).forEach(letGo))

  const show = (slot: Slot, brought: Brought) => {
    letGo(files[slot])
    const url = brought.file ? URL.createObjectURL(brought.file) : fileUrl(brought.fileId ?? '')
    setFiles(slot, { file: undefined, fileId: undefined, durationS: undefined, ...brought, url })
  }
  const put = async (slot: Slot, brought: Brought): Promise<void> => {
    show(slot, brought)
    await storeFile(slot, brought).catch(onNotKept)
  }
  const remove = async (slot: Slot): Promise<void> => {
    letGo(files[slot])
    setFiles(slot, undefined)
    await storeFile(slot, undefined).catch(() => undefined) // nothing was kept in the first place
  }

  /** Sends what the server has not got yet. Resolves to the ids by the names of inputs. `onProgress` hears 0..1. */
  const send = async (
    places: readonly Place[],
    onProgress: (done: number) => void,
    signal: AbortSignal,
  ): Promise<Record<string, string>> => {
    const wanted = places.flatMap(({ slot, input }) => {
      const shown = files[slot]
      return shown && input ? [{ slot, input, shown }] : []
    })
    const all = wanted.reduce((sum, { shown }) => sum + shown.bytes, 0) || 1
    const ids: Record<string, string> = {}
    let sent = 0
    for (const { slot, input, shown } of wanted) {
      const tell = (done: number) => onProgress((sent + done * shown.bytes) / all)
      const id = await idOf(shown, tell, signal)
      if (id !== shown.fileId && files[slot]?.url === shown.url) {
        const { url, ...brought } = { ...shown, fileId: id }
        setFiles(slot, { ...brought, url })
        await storeFile(slot, brought).catch(onNotKept)
      }
      ids[input] = id
      sent += shown.bytes
      tell(0)
    }
    return ids
  }

  return {
    files,
    show,
    put,
    remove,
    send,
    count: (kind: Brought['kind']) =>
      Object.entries(files).filter(([slot, file]) => file && slot.startsWith(kind)).length,
  }
}

/** What was sent before is not sent again, as long as the server still keeps it. */
async function idOf(shown: ShownFile, onProgress: (done: number) => void, signal: AbortSignal) {
  const { file, fileId, kind } = shown
  if (fileId && (!file || (await hasFile(fileId, signal).catch(() => false)))) return fileId
  if (!file) throw new Error('There is neither a file nor an id.')
  return (await upload(file, kind, onProgress, signal)).id
}

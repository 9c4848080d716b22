import { putItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import { namedError } from '../rpc/named-error'
import { finishOrRemove } from './finish-recording'
import type { RecordingEvent, RecordingSettings, SoundFeed } from './recorder-api'
import { type OpenFile, Recording } from './recording'
import { RecordingFile } from './recording-file'

const PROGRESS_EVERY_MS = 250
const CHECK_SPACE_EVERY_MS = 4000
/** With less room than this a recording ends, while there is still enough to end it well. */
const ROOM_BYTES = 32_000_000

export interface RunningRecording {
  /** Ends it. */
  stop(): void
  /** Resolves when 'ended' was said; never rejects. */
  readonly done: Promise<void>
}

/** Records into the library; what happens is said as events. */
export function startRecording(
  { name, format }: RecordingSettings,
  pictures: MessagePort,
  sound: SoundFeed | undefined,
  onEvent: (event: RecordingEvent) => void,
): RunningRecording {
  const id = crypto.randomUUID()
  const stopping = new AbortController()
  let file: RecordingFile | undefined

  const openFile: OpenFile = async ({ width, height }) => {
    await checkRoom()
    const item: LibraryItem = {
      id,
      name,
      kind: 'recording',
      type: format === 'mp4' ? 'video/mp4' : 'video/webm',
      addedAt: Date.now(),
      bytes: 0,
      durationS: undefined,
      width,
      height,
      thumbnail: undefined,
      state: 'recording',
    }
    // The file is there and locked before others hear of it.
    file = await RecordingFile.create(id, (error) => recording.fail(storageError(error)))
    await putItem(item)
    return file
  }
  const recording = new Recording(format, pictures, sound, openFile)

  const tell = () => {
    const recorded = recording.recorded
    if (recorded) onEvent({ name: 'progress', ...recorded, bytes: file?.bytes ?? 0 })
  }
  const run = async () => {
    const telling = setInterval(tell, PROGRESS_EVERY_MS)
    const checking = setInterval(() => void checkRoom().catch(recording.fail), CHECK_SPACE_EVERY_MS)
    try {
      await recording.run(stopping.signal)
    } finally {
      clearInterval(telling)
      clearInterval(checking)
    }
  }
  const end = async (problem: unknown) => {
    const known = problem instanceof Error ? problem : undefined
    try {
      const tell = (done: number) => onEvent({ name: 'saving', done })
      const item = file && (await finishOrRemove(id, seldom(tell)))
      onEvent({ name: 'ended', item, reason: known?.name, detail: known?.message ?? '' })
    } catch (error) {
      // The file stays and is offered again as an interrupted one.
      onEvent({ name: 'ended', item: undefined, reason: 'RecordingFailedError', detail: String(error) })
    }
  }
  return {
    stop: () => stopping.abort(),
    done: run().then(() => end(undefined), end),
  }
}

/** Rejects when there is too little room to go on. Where the browser does not tell, a write that fails will. */
async function checkRoom(): Promise<void> {
  const { usage = 0, quota } = await navigator.storage.estimate()
  if (quota !== undefined && quota - usage < ROOM_BYTES)
    throw namedError('RecordingStorageFullError', `${quota - usage} bytes are left.`)
}

const storageError = (error: unknown): unknown =>
  error instanceof DOMException && error.name === 'QuotaExceededError'
    ? namedError('RecordingStorageFullError', error.message)
    : error

/** Calls at most ten times a second. */
function seldom(tell: (done: number) => void): (done: number) => void {
  let toldMs = 0
  return (done) => {
    if (performance.now() - toldMs < 100) return
    toldMs = performance.now()
    tell(done)
  }
}

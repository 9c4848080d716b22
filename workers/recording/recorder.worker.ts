/** The recorder thread: what Live shows and a microphone hears, into a file of the library that survives a crash. */
import { expose } from 'comlink'
import { changeItem, getItem, listItems, removeItem } from '../library/library'
import { UNDO_MS } from '../library/library-item'
import { namedError } from '../rpc/named-error'
import type { RecorderApi } from './recorder-api'
import type { RunningRecording } from './start-recording'

let running: RunningRecording | undefined

const recorder: RecorderApi = {
  async start(settings, pictures, sound, onEvent) {
    if (running) throw namedError('RecordingFailedError', 'A recording is running already.')
    const { startRecording } = await import('./start-recording')
    running = startRecording(settings, pictures, sound, onEvent)
    void running.done.then(() => {
      running = undefined
    })
  },
  async stop() {
    running?.stop()
    await running?.done
  },
  async interrupted() {
    const begun = (await listItems()).filter(({ state }) => state === 'recording')
    if (begun.length === 0) return [] // as nearly always: what reads files need not be loaded
    const { interruptedOf } = await import('./interrupted')
    return interruptedOf(begun)
  },
  async keep(id) {
    const { finishRecording } = await import('./finish-recording')
    return finishRecording(id)
  },
  async remove(ids) {
    for (const id of ids) await changeItem(id, { deletedAt: Date.now() })
    setTimeout(async () => {
      for (const id of ids) if ((await getItem(id))?.deletedAt !== undefined) await removeItem(id)
    }, UNDO_MS + 500)
  },
  async restore(ids) {
    for (const id of ids) await changeItem(id, { deletedAt: undefined })
  },
}

expose(recorder)

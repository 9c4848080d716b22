/** The thread that looks after the recognition model: a file is tried out before it is kept. Scans look for it each time. */
import { expose } from 'comlink'
import { installedModel, removeModel } from './installed-model'

const recognition = {
  /** Its size in bytes; undefined where none is installed. */
  async installed(): Promise<number | undefined> {
    return (await installedModel())?.size
  },
  /** Rejects with a `RecognitionModelError` that says what is wrong with the file; what was installed before stays then. */
  async install(model: Blob): Promise<void> {
    const { installRecognition } = await import('./recognition') // with its runtime, which nobody needs to ask
    await installRecognition(model)
  },
  remove: removeModel,
}
export type RecognitionApi = typeof recognition
expose(recognition)

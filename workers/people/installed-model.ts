/** The recognition model that the person has put on this device, as a file; what it must be is recognition.ts's business. */
import { folder, removeEntry } from '../storage/folders'

/** In the root folder of this device's private storage. */
export const RECOGNITION_FILE = 'recognition.onnx'

/** undefined where none is installed. */
export async function installedModel(): Promise<File | undefined> {
  try {
    const handle = await (await folder()).getFileHandle(RECOGNITION_FILE)
    return await handle.getFile()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
    throw error
  }
}

export async function keepModel(model: Blob): Promise<void> {
  const writable = await (
    await (await folder()).getFileHandle(RECOGNITION_FILE, { create: true })
  ).createWritable()
  await writable.write(model)
  await writable.close()
}

export const removeModel = async (): Promise<void> => removeEntry(await folder(), RECOGNITION_FILE)

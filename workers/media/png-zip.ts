import { makeZip } from 'client-zip'
import { openFileWriter } from './file-writer'
import { keptPictures } from './picture-segment'
import { withProvenance } from './png-provenance'

export interface PicturesToFinish {
  /** As openPictureSegment made them, in order. */
  readonly segments: readonly Blob[]
  readonly to: FileSystemFileHandle
  /** 0..1 */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Every picture as a PNG of its own in one zip, stored as it is: frame-00001.png and so on, each with its provenance.
 * Rejects with a named Error when storage is full; the file is empty or gone then.
 */
export async function finishPngZip({
  segments,
  to,
  onProgress,
  signal,
}: PicturesToFinish): Promise<{ readonly warnings: readonly string[] }> {
  const pictures = await keptPictures(segments)
  const digits = Math.max(5, String(pictures.length).length)
  const lastModified = new Date()
  async function* files() {
    for (const [i, { png }] of pictures.entries()) {
      signal.throwIfAborted()
      const input = withProvenance(new Uint8Array(await png.arrayBuffer()))
      yield { name: `frame-${String(i + 1).padStart(digits, '0')}.png`, lastModified, input }
      onProgress((i + 1) / pictures.length)
    }
  }
  const file = await openFileWriter(to)
  let position = 0
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    async write(bytes) {
      await file.write(bytes, position)
      position += bytes.length
    },
  })
  try {
    await makeZip(files()).pipeTo(sink, { signal })
    await file.close()
  } catch (error) {
    await file.abandon()
    throw error
  }
  return { warnings: [] }
}

/** Puts real files into the library of an open app, as its threads do, and looks what is on the disk. */
import type { Page } from 'playwright'

export interface Sample {
  readonly id: string
  readonly name: string
  readonly kind: 'recording' | 'clip' | 'still'
  /** A second of video, or a picture, made by the browser itself. */
  readonly make: 'video' | 'picture'
  readonly minutesAgo?: number
  readonly state?: 'recording'
}

/** File and record, the record as bare as a thread may leave it; then all are told. */
export const addToLibrary = (page: Page, sample: Sample): Promise<void> =>
  page.evaluate(async ({ id, name, kind, make, minutesAgo = 0, state = 'whole' }) => {
    const canvas = document.createElement('canvas')
    canvas.width = 160
    canvas.height = 120
    const context = canvas.getContext('2d', { alpha: false })!
    let frame = 0
    const draw = () => {
      context.fillStyle = `hsl(${frame++ * 7} 80% 50%)`
      context.fillRect(0, 0, 160, 120)
    }
    const video = async () => {
      const stream = canvas.captureStream(0)
      const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[]
      const recorder = new MediaRecorder(stream, { mimeType: 'video/webm;codecs=vp8' })
      const parts: Blob[] = []
      recorder.ondataavailable = ({ data }) => parts.push(data)
      const stopped = new Promise((resolve) => {
        recorder.onstop = resolve
      })
      recorder.start()
      while (frame < 30) {
        draw()
        track?.requestFrame()
        await new Promise((resolve) => setTimeout(resolve, 40))
      }
      recorder.stop()
      await stopped
      return new Blob(parts, { type: 'video/webm' })
    }
    const picture = () => {
      draw()
      return new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!), 'image/png'))
    }
    const content = await (make === 'video' ? video() : picture())

    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('library', { create: true })
    await content.stream().pipeTo(await (await folder.getFileHandle(id, { create: true })).createWritable())
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('understudy-work')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    await new Promise<void>((resolve) => {
      const write = db.transaction('library', 'readwrite')
      const unknown = { durationS: undefined, width: undefined, height: undefined, thumbnail: undefined }
      const { type, size: bytes } = content
      const addedAt = Date.now() - 60_000 * minutesAgo
      write.objectStore('library').put({ id, name, kind, type, bytes, addedAt, state, ...unknown })
      write.oncomplete = () => resolve()
    })
    db.close()
    const channel = new BroadcastChannel('understudy-library')
    channel.postMessage('changed')
    channel.close()
  }, sample)

/** Sizes of the files of the library, by id. */
export const filesOnDisk = (page: Page): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(async () => {
    const sizes: Record<string, number> = {}
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('library', { create: true })
    for await (const [name, handle] of folder.entries())
      if (handle instanceof FileSystemFileHandle) sizes[name] = (await handle.getFile()).size
    return sizes
  })

/** Small real files for tests of the library, and the means to put them where a crash may have left them. */
import { downloadZip } from 'client-zip'
import { BufferTarget, CanvasSource, Mp4OutputFormat, Output } from 'mediabunny'
import { libraryFolder, putItem } from '../library'
import type { LibraryItem } from '../library-item'

/** 96×64, black at first, then of the given colour. */
export async function sampleMp4(colour = 'rgb(200, 40, 40)', seconds = 1): Promise<Blob> {
  const canvas = new OffscreenCanvas(96, 64)
  const context = canvas.getContext('2d')
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() })
  const source = new CanvasSource(canvas, { codec: 'avc', bitrate: 200_000 })
  output.addVideoTrack(source)
  await output.start()
  for (let i = 0; i < seconds * 20; i++) {
    if (context) context.fillStyle = i === 0 ? 'black' : colour
    context?.fillRect(0, 0, 96, 64)
    await source.add(i / 20, 1 / 20)
  }
  await output.finalize()
  return new Blob([output.target.buffer ?? ''], { type: 'video/mp4' })
}

export async function samplePng(colour: string, width = 40, height = 30): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context) context.fillStyle = colour
  context?.fillRect(0, 0, width, height)
  return canvas.convertToBlob({ type: 'image/png' })
}

export async function sampleFrames(): Promise<Blob> {
  const files = ['lime', 'blue', 'red'].map(async (colour, i) => ({
    name: `frame-${i}.png`,
    input: await samplePng(colour),
  }))
  return downloadZip(await Promise.all(files)).blob()
}

/** One pixel, the smallest there is. */
export const sampleGif = (): Blob =>
  new Blob([
    Uint8Array.from(atob('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'), (c) => c.charCodeAt(0)),
  ])

/** A file as a writer leaves it: without a record. */
export async function writeFile(id: string, content: Blob): Promise<void> {
  const handle = await (await libraryFolder()).getFileHandle(id, { create: true })
  const stream = await handle.createWritable()
  await content.stream().pipeTo(stream)
}

/** File and record, the record as bare as a writer may leave it. */
export async function addSample(id: string, content: Blob, known: Partial<LibraryItem> = {}): Promise<void> {
  await writeFile(id, content)
  await putItem({
    id,
    name: id,
    kind: 'clip',
    type: 'video/mp4',
    addedAt: Date.now(),
    bytes: content.size,
    durationS: undefined,
    width: undefined,
    height: undefined,
    thumbnail: undefined,
    state: 'whole',
    ...known,
  })
}

/** What came out of a job, read back by the browser's own decoders. */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, VideoSampleSink } from 'mediabunny'
import { createPixels, type Pixels } from '../../../models/pixels'
import { openItem } from '../../library/library'

export interface ReadFrame {
  readonly timeS: number
  readonly pixels: Pixels
}

export interface ReadClip {
  readonly frames: readonly ReadFrame[]
  /** Of the sound: when each packet is heard, and its bytes. */
  readonly sound: readonly { readonly timeS: number; readonly data: Uint8Array }[]
  /** Of the picture, in the file's order. */
  readonly packets: readonly Uint8Array[]
}

export const readResult = async (libraryId: string): Promise<ReadClip> => readClip(await openItem(libraryId))

export async function readClip(file: Blob): Promise<ReadClip> {
  using input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  const video = await input.getPrimaryVideoTrack()
  if (!video) throw new Error('There is no picture.')
  const frames: ReadFrame[] = []
  for await (const sample of new VideoSampleSink(video).samples()) {
    const pixels = createPixels(sample.displayWidth, sample.displayHeight)
    await sample.copyTo(pixels.data, { format: 'RGBX' })
    frames.push({ timeS: sample.timestamp, pixels })
    sample.close()
  }
  const packets: Uint8Array[] = []
  for await (const { data } of new EncodedPacketSink(video).packets()) packets.push(data)
  const audio = await input.getPrimaryAudioTrack()
  const sound: { timeS: number; data: Uint8Array }[] = []
  if (audio)
    for await (const { timestamp, data } of new EncodedPacketSink(audio).packets())
      sound.push({ timeS: timestamp, data })
  return { frames, sound, packets }
}

/** Mean difference of two pictures within a part of them (0..1 of width and height), 0..255. */
export function differenceIn(
  a: Pixels,
  b: Pixels,
  [left, top, right, bottom]: readonly [number, number, number, number],
): number {
  let sum = 0
  let count = 0
  for (let y = Math.round(top * a.height); y < Math.round(bottom * a.height); y++) {
    for (let x = Math.round(left * a.width); x < Math.round(right * a.width); x++) {
      for (let c = 0; c < 3; c++) {
        const at = 4 * (y * a.width + x) + c
        sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0))
        count++
      }
    }
  }
  return sum / count
}

import { EncodedPacketSink } from 'mediabunny'
import type { ClipReader } from '../media/clip-reader'

/**
 * `count` small pictures spread evenly over the clip, each the middle of its part; the caller of `onPicture` owns them.
 * Where a key frame lies near enough it is taken instead: it costs one frame to decode and not many.
 */
export async function filmstrip(
  reader: ClipReader,
  count: number,
  heightPx: number,
  onPicture: (index: number, image: ImageBitmap) => void,
  signal: AbortSignal,
): Promise<void> {
  const { fromS, toS, video } = reader.info
  const partS = (toS - fromS) / count
  const packets = new EncodedPacketSink(reader.videoTrack)
  const width = Math.max(1, Math.round((video.width * heightPx) / video.height))
  for (let index = 0; index < count; index++) {
    const middleS = fromS + (index + 0.5) * partS
    const key = await packets.getKeyPacket(middleS, { metadataOnly: true })
    const isNear = key && middleS - key.timestamp <= partS / 2
    const { frame } = await reader.frameAt(isNear ? key.timestamp : middleS, signal)
    try {
      const canvas = new OffscreenCanvas(width, heightPx)
      const context = canvas.getContext('2d', { alpha: false })
      if (!context) throw new Error('This browser offers no 2-D drawing.')
      context.imageSmoothingQuality = 'high'
      context.drawImage(frame, 0, 0, width, heightPx)
      onPicture(index, canvas.transferToImageBitmap())
    } finally {
      frame.close()
    }
  }
}

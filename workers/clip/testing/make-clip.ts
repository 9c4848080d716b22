/** Clips for tests, encoded by the browser from pictures. */
import { BufferTarget, Mp4OutputFormat, Output, VideoSample, VideoSampleSource } from 'mediabunny'
import type { Pixels } from '../../../models/pixels'

/** Silent, with every frame as good as H.264 makes it. */
export async function makeClip(pictures: readonly Pixels[], fps: number): Promise<File> {
  const target = new BufferTarget()
  const output = new Output({ format: new Mp4OutputFormat(), target })
  const source = new VideoSampleSource({ codec: 'avc', bitrate: 4e6, keyFrameInterval: 1 })
  output.addVideoTrack(source)
  await output.start()
  for (const [i, { data, width, height }] of pictures.entries()) {
    using sample = new VideoSample(data, {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp: i / fps,
      duration: 1 / fps,
    })
    await source.add(sample)
  }
  await output.finalize()
  return new File([target.buffer ?? new ArrayBuffer(0)], 'made.mp4', { type: 'video/mp4' })
}

/** Renders a short clip of the demo head, for whoever has none at hand. Its thread ends with it. */
import { expose } from 'comlink'
import {
  BufferTarget,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  VideoSample,
  VideoSampleSource,
} from 'mediabunny'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { loadWeights } from '../inference/weights'
import { namedError } from '../rpc/named-error'
import { THEO } from './character'
import { headPose } from './motion'
import { createHeadRenderer, livePicture } from './render-head'

const [WIDTH, HEIGHT] = [640, 480] // px
const FPS = 25
const SECONDS = 5

const demoClip = {
  /** Five seconds in MP4. `onProgress` 0..1. Rejects with a named Error where the browser has no encoder. */
  async render(onProgress: (done: number) => void): Promise<Blob> {
    const size = { width: WIDTH, height: HEIGHT }
    const codec = await getFirstEncodableVideoCodec(['avc', 'vp9', 'av1'], { ...size, bitrate: QUALITY_HIGH })
    if (!codec) throw namedError('NoEncoderError', 'None of H.264, VP9 and AV1 can be encoded.')
    const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
    const head = createHeadRenderer(canonical, THEO, livePicture(WIDTH, HEIGHT))
    const target = new BufferTarget()
    const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target })
    const source = new VideoSampleSource({ codec, bitrate: QUALITY_HIGH })
    output.addVideoTrack(source, { frameRate: FPS })
    await output.start()
    const frames = SECONDS * FPS
    for (let i = 0; i < frames; i++) {
      const { data } = head.render(headPose((i * 1000) / FPS)).pixels
      const timing = { timestamp: i / FPS, duration: 1 / FPS }
      using sample = new VideoSample(data, {
        format: 'RGBX',
        codedWidth: WIDTH,
        codedHeight: HEIGHT,
        ...timing,
      })
      await source.add(sample)
      onProgress((i + 1) / frames)
    }
    await output.finalize()
    return new Blob(target.buffer ? [target.buffer] : [], { type: 'video/mp4' })
  },
}
export type DemoClipApi = typeof demoClip
expose(demoClip)

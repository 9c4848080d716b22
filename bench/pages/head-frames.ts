import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { THEO } from '../../workers/demo-head/character'
import { headPose } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { loadWeights } from '../../workers/inference/weights'

const [WIDTH, HEIGHT, FPS] = [640, 480, 25]

/** The synthetic head, frame by frame. The caller closes each frame. */
export async function* headFrames(count: number): AsyncGenerator<VideoFrame> {
  const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
  const head = createHeadRenderer(canonical, THEO, livePicture(WIDTH, HEIGHT))
  for (let i = 0; i < count; i++) {
    const timeMs = (i * 1000) / FPS
    const { pixels } = head.render(headPose(timeMs))
    const timestamp = Math.round(timeMs * 1000)
    yield new VideoFrame(pixels.data, { format: 'RGBX', codedWidth: WIDTH, codedHeight: HEIGHT, timestamp })
  }
}

/** The same clip gives the same faces, to the bit: in a browser, where networks run on several threads. */
import { expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { CpuCompositor } from '../compositor/cpu/cpu-compositor'
import { AMARA } from '../demo-head/character'
import { headPose } from '../demo-head/motion'
import { createHeadRenderer, livePicture } from '../demo-head/render-head'
import { threadCount } from '../inference/runtime'
import { SeatedModel } from '../inference/seated-model'
import { loadWeights } from '../inference/weights'
import { type FacesAt, LookAhead } from './look-ahead'
import { FaceNetworks } from './networks'

const [WIDTH, HEIGHT] = [320, 240]
const FRAMES = 16
const STOP = 7

it('gives the same faces again, also when it was stopped and gone on with', { timeout: 90_000 }, async () => {
  const head = createHeadRenderer(
    parseCanonicalFace(await loadWeights(CANONICAL_FACE)),
    AMARA,
    livePicture(WIDTH, HEIGHT),
  )
  const pictures = Array.from({ length: FRAMES }, (_, i) => head.render(headPose(40 * i)).pixels.data.slice())
  const open = async (entry: typeof FACE_MESH) =>
    SeatedModel.open(entry, await loadWeights(entry), undefined, { wasm: 1 })
  using detector = await open(FACE_DETECTOR)
  using mesh = await open(FACE_MESH)
  using compositor = new CpuCompositor(new OffscreenCanvas(8, 8), new Uint16Array())
  const start = () => new LookAhead(new FaceNetworks(detector.run, mesh.run), 0.5)
  const look = async (ahead: LookAhead, from: number, to: number): Promise<FacesAt[]> => {
    const found = []
    for (let i = from; i < to; i++) {
      const picture = pictures[i]!
      const settings = {
        format: 'RGBX',
        codedWidth: WIDTH,
        codedHeight: HEIGHT,
        timestamp: 40_000 * i,
      } as const
      using plate = await compositor.take(new VideoFrame(picture, settings))
      found.push(...(await ahead.add(plate, 40 * i)))
    }
    return to === FRAMES ? [...found, ...ahead.end()] : found
  }
  if (navigator.hardwareConcurrency > 1) expect(threadCount()).toBeGreaterThan(1)
  const once = await look(start(), 0, FRAMES)
  expect(once.map(({ faces }) => faces.length)).toEqual(Array(FRAMES).fill(1))
  expect(await look(start(), 0, FRAMES)).toEqual(once)

  const before = start()
  const first = await look(before, 0, STOP)
  const after = start()
  after.restore(structuredClone(before.save()))
  expect([...first, ...(await look(after, STOP, FRAMES))]).toEqual(once)
})

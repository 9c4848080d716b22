/** The tracker on the synthetic head, whose true landmarks are known: real frames, real networks, a real browser. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from '../../models/face-regions'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { CpuCompositor } from '../compositor/cpu/cpu-compositor'
import { AMARA, type HeadCharacter, THEO } from '../demo-head/character'
import { headPose } from '../demo-head/motion'
import { createHeadRenderer, livePicture } from '../demo-head/render-head'
import { SeatedModel } from '../inference/seated-model'
import { loadWeights } from '../inference/weights'
import { FaceNetworks } from './networks'
import { FaceTracker, HOLD_MS } from './tracker'

const [WIDTH, HEIGHT] = [640, 480]
let canonical: CanonicalFace
let networks: () => FaceNetworks

beforeAll(async () => {
  canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
  const open = async (entry: typeof FACE_MESH) =>
    SeatedModel.open(entry, await loadWeights(entry), undefined, undefined)
  const detector = await open(FACE_DETECTOR)
  const mesh = await open(FACE_MESH)
  networks = () => new FaceNetworks(detector.run, mesh.run)
})

const frameOf = (data: Uint8ClampedArray<ArrayBuffer>, timeMs: number) =>
  new VideoFrame(data, { format: 'RGBX', codedWidth: WIDTH, codedHeight: HEIGHT, timestamp: timeMs * 1000 })

/** Tracks pictures at 30 fps; `draw` gives the picture of a moment. */
async function track(
  draw: (timeMs: number) => Uint8ClampedArray<ArrayBuffer>,
  frames: number,
  smoothing: number,
  each: (faces: Awaited<ReturnType<FaceTracker['track']>>, timeMs: number, tracker: FaceTracker) => void,
) {
  const tracker = new FaceTracker(networks())
  using compositor = new CpuCompositor(new OffscreenCanvas(8, 8), new Uint16Array())
  for (let i = 0; i < frames; i++) {
    const timeMs = Math.round((i * 1000) / 30)
    using plate = await compositor.take(frameOf(draw(timeMs), timeMs))
    each(await tracker.track(plate, timeMs, smoothing, () => undefined), timeMs, tracker)
  }
}

function errorPct(found: Float32Array, truth: Float32Array): number {
  const between = (i: number, j: number, a: Float32Array, b: Float32Array) =>
    Math.hypot(a[3 * i]! - b[3 * j]!, a[3 * i + 1]! - b[3 * j + 1]!)
  const eyes = between(LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER, truth, truth)
  let sum = 0
  for (let i = 0; i < 468; i++) sum += between(i, i, found, truth)
  return (100 * sum) / 468 / eyes
}

describe('FaceTracker', () => {
  it.each([THEO, AMARA])(
    'follows a moving head within 3 % of the eye distance',
    async (character: HeadCharacter) => {
      const head = createHeadRenderer(canonical, character, livePicture(WIDTH, HEIGHT))
      let truth = new Float32Array()
      const errors: number[] = []
      const ids = new Set<number>()
      await track(
        (timeMs) => {
          const { pixels, landmarks } = head.render(headPose(timeMs))
          truth = landmarks
          return pixels.data
        },
        90,
        0.5,
        (faces) => {
          expect(faces).toHaveLength(1)
          ids.add(faces[0]!.id)
          errors.push(errorPct(faces[0]!.landmarks, truth))
        },
      )
      expect(ids.size).toBe(1)
      expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThanOrEqual(3)
    },
  )

  it('holds a lost face for a moment, reports it missing, and knows it again', async () => {
    const head = createHeadRenderer(canonical, THEO, livePicture(WIDTH, HEIGHT))
    const still = head.render(headPose(0)).pixels.data.slice()
    const empty = new Uint8ClampedArray(still.length).fill(90)
    const seen: { id: number | undefined; missing: number; missingMs: number; known: boolean }[] = []
    await track(
      (timeMs) => (timeMs >= 300 && timeMs < 900 ? empty : still),
      45,
      0,
      ([face], timeMs, tracker) =>
        seen.push({
          id: face?.id,
          missing: tracker.missing(timeMs),
          missingMs: face?.missingMs ?? -1,
          known: tracker.remembers(1),
        }),
    )
    const at = (timeMs: number) => seen[Math.round((timeMs * 30) / 1000)]!
    expect(at(267)).toEqual({ id: 1, missing: 0, missingMs: 0, known: true })
    expect(at(400).id).toBe(1)
    expect(at(400).missingMs).toBeGreaterThan(0)
    expect(at(400).missingMs).toBeLessThanOrEqual(HOLD_MS)
    expect(at(700)).toEqual({ id: undefined, missing: 1, missingMs: -1, known: true })
    expect(at(1000)).toEqual({ id: 1, missing: 0, missingMs: 0, known: true })
    expect(at(0).known).toBe(true)
  })

  it('follows two faces under steady numbers', async () => {
    const heads = [THEO, AMARA].map((character) =>
      createHeadRenderer(canonical, character, livePicture(320, HEIGHT)),
    )
    const both = new Uint8ClampedArray(WIDTH * HEIGHT * 4)
    const sides = new Map<number, Set<string>>()
    await track(
      (timeMs) => {
        heads.forEach((head, side) => {
          const { data } = head.render(headPose(timeMs + side * 700)).pixels
          for (let y = 0; y < HEIGHT; y++)
            both.set(data.subarray(y * 320 * 4, (y + 1) * 320 * 4), (y * WIDTH + side * 320) * 4)
        })
        return both
      },
      40,
      0.5,
      (faces, timeMs) => {
        if (timeMs > 500) expect(faces).toHaveLength(2)
        for (const { id, landmarks } of faces) {
          const side = landmarks[3]! < 320 ? 'left' : 'right'
          sides.set(id, (sides.get(id) ?? new Set()).add(side))
        }
      },
    )
    expect([...sides.values()].map((set) => [...set]).sort()).toEqual([['left'], ['right']])
  })
})

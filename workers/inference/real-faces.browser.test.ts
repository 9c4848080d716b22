import { describe, expect, inject, test } from 'vitest'
import { type Affine, invert } from '../../models/affine'
import { DETECTOR_SIZE, decodeDetections, detectionToFrame, detectorCrop } from '../../models/blazeface'
import { INNER_LIPS, LEFT_EYE, NOSE_TIP, RIGHT_EYE, type Ring } from '../../models/face-regions'
import {
  cropFromDetection,
  cropFromLandmarks,
  decodeFaceScore,
  decodeLandmarks,
  LANDMARKS,
  MESH_SIZE,
} from '../../models/facemesh'
import { FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { fillPlanes } from '../../models/tensor'
import { Model } from './model'
import { loadWeights } from './weights'

// Real portraits, where a working copy has them beside it; otherwise the black picture alone.
const shared = inject('shared')
const portraits = shared
  ? [
      'portrait_man_a_lp_d19.jpg',
      'portrait_man_b_lp_d8.jpg',
      'portrait_woman_a_lp_d9.jpg',
      'painting_monalisa_lp_s9.jpg',
      'statue_terracotta_lp_s6.jpg',
    ]
  : []

const detector = await Model.open(FACE_DETECTOR, await loadWeights(FACE_DETECTOR))
const mesh = await Model.open(FACE_MESH, await loadWeights(FACE_MESH))

function crop(image: CanvasImageSource, frameToCrop: Affine, size: number): ImageData {
  const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })!
  context.fillRect(0, 0, size, size)
  context.imageSmoothingQuality = 'high'
  context.setTransform(...frameToCrop)
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, size, size)
}

async function detect(image: CanvasImageSource, width: number, height: number) {
  const frameToSquare = detectorCrop(width, height)
  const input = new Float32Array(3 * DETECTOR_SIZE ** 2)
  fillPlanes(crop(image, frameToSquare, DETECTOR_SIZE), FACE_DETECTOR.inputs[0]!.range!, input)
  const { regressors, classificators } = await detector.run({ input })
  return decodeDetections(regressors!, classificators!).map((each) =>
    detectionToFrame(each, invert(frameToSquare)),
  )
}

async function readMesh(image: CanvasImageSource, frameToCrop: Affine) {
  const input = new Float32Array(3 * MESH_SIZE ** 2)
  fillPlanes(crop(image, frameToCrop, MESH_SIZE), FACE_MESH.inputs[0]!.range!, input)
  const { landmarks, faceFlag } = await mesh.run({ input })
  const inFrame = new Float32Array(3 * LANDMARKS)
  decodeLandmarks(landmarks!, invert(frameToCrop), inFrame)
  return { landmarks: inFrame, score: decodeFaceScore(faceFlag![0]!) }
}

/** Mean x and y of some points. */
const middle = (landmarks: Float32Array, points: Ring): [number, number] => [
  points.reduce((sum, point) => sum + landmarks[3 * point]! / points.length, 0),
  points.reduce((sum, point) => sum + landmarks[3 * point + 1]! / points.length, 0),
]

test('nothing is no face', async () => {
  const black = new OffscreenCanvas(320, 240)
  black.getContext('2d')!.fillRect(0, 0, 320, 240)
  expect(await detect(black, 320, 240)).toEqual([])
  expect((await readMesh(black, detectorCrop(320, 240))).score).toBeLessThan(0.5)
})

if (portraits.length > 0) {
  describe.each(portraits)('%s', (name) => {
    const open = async () => createImageBitmap(await (await fetch(`/@fs${shared}/media/${name}`)).blob())

    test('one face; detector and mesh agree on where its parts are', async () => {
      const image = await open()
      const [face, ...others] = await detect(image, image.width, image.height)
      expect(others).toEqual([])
      const first = await readMesh(image, cropFromDetection(face!))
      const { landmarks, score } = await readMesh(image, cropFromLandmarks(first.landmarks))
      expect(score).toBeGreaterThan(0.9)

      const [rightEye, leftEye] = [middle(landmarks, RIGHT_EYE), middle(landmarks, LEFT_EYE)]
      const eyeDistance = Math.hypot(leftEye[0] - rightEye[0], leftEye[1] - rightEye[1])
      const parts = [rightEye, leftEye, middle(landmarks, [NOSE_TIP]), middle(landmarks, INNER_LIPS)]
      for (const [i, [x, y]] of parts.entries()) {
        const distance = Math.hypot(x - face!.points[2 * i]!, y - face!.points[2 * i + 1]!)
        expect(distance / eyeDistance).toBeLessThan(i < 2 ? 0.25 : 0.35) // the detector is coarse
      }
      image.close()
    })
  })
}

import { beforeAll, describe, expect, inject, it } from 'vitest'
import { hasFfmpeg, readPicture } from '../../bench/quality/ffmpeg'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { openNodeFaces, readPublic } from '../../tests/media/node-faces'
import { AMARA, ANTON, VERA } from '../demo-head/character'
import { renderPortrait } from '../demo-head/portrait'
import type { FaceNetworks } from './networks'
import { facesInStill, plateOfPixels, yawOf } from './still'
import { placeOf } from './tracks'

let networks: FaceNetworks
let canonical: CanonicalFace

beforeAll(async () => {
  networks = await openNodeFaces()
  canonical = parseCanonicalFace(new Uint8Array(await readPublic(CANONICAL_FACE.path)))
})

/** Puts pictures onto a grey ground at x, y. */
function onGround(
  width: number,
  height: number,
  parts: readonly { picture: Pixels; x: number; y: number }[],
): Pixels {
  const ground = createPixels(width, height)
  ground.data.fill(120)
  for (const { picture, x, y } of parts) {
    for (let row = 0; row < picture.height; row++) {
      const from = row * picture.width * 4
      ground.data.set(picture.data.subarray(from, from + picture.width * 4), ((y + row) * width + x) * 4)
    }
  }
  return ground
}

const find = (pixels: Pixels) => facesInStill(plateOfPixels(pixels), networks)

describe('facesInStill', () => {
  it('finds one face in a portrait, seen from the front', async () => {
    const faces = await find(renderPortrait(canonical, VERA, 480))
    expect(faces).toHaveLength(1)
    expect(Math.abs(yawOf(faces[0]!.landmarks))).toBeLessThan(0.15)
  })

  it('finds each of several people once, largest first', async () => {
    const group = onGround(1200, 640, [
      { picture: renderPortrait(canonical, AMARA, 300), x: 20, y: 200 },
      { picture: renderPortrait(canonical, VERA, 480), x: 360, y: 80 },
      { picture: renderPortrait(canonical, ANTON, 260), x: 900, y: 300 },
    ])
    const places = (await find(group)).map(({ landmarks }) => placeOf(landmarks))
    expect(places.map(({ x }) => Math.floor(x / 400))).toEqual([1, 0, 2])
  })

  it('finds a small face in a large picture', async () => {
    const picture = renderPortrait(canonical, ANTON, 160)
    const faces = await find(onGround(1600, 1200, [{ picture, x: 1250, y: 700 }]))
    expect(faces).toHaveLength(1)
    expect(placeOf(faces[0]!.landmarks).x).toBeGreaterThan(1250)
  })

  it('finds none where there is none', async () => {
    expect(await find(onGround(640, 480, []))).toEqual([])
  })

  it.runIf(inject('shared') !== '' && hasFfmpeg())('finds the two people of a real picture', async () => {
    const picture = await readPicture(`${inject('shared')}/media/two_faces_composite.jpg`)
    expect(await find(picture)).toHaveLength(2)
  })
})

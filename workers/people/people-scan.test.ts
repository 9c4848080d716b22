/** Looks at clips of synthetic people through the real networks: who is in them. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { openNodeFaces, readPublic } from '../../tests/media/node-faces'
import { type Actor, peopleScene, type Scene } from '../../tests/media/people-scene'
import { tinyRecognition } from '../../tests/media/tiny-recognition'
import { AMARA, ANTON } from '../demo-head/character'
import type { FaceNetworks } from '../faces/networks'
import { facesInStill, plateOfPixels } from '../faces/still'
import { placeOf } from '../faces/tracks'
import { PeopleScan, type ScannedPerson } from './people-scan'
import { Recognition } from './recognition'

vi.setConfig({ testTimeout: 90_000 })

const LOOK_EVERY_S = 0.2
const [WIDTH, HEIGHT, SIZE] = [480, 270, 240]

/** Amara comes in from the left, leaves after 1.6 s, and comes back on the right after 4 s; Anton is in the middle from 2 s on. */
const amara: Actor = {
  character: AMARA,
  at: (ms) => (ms < 1600 ? { x: 60 + ms / 20, y: 135 } : ms < 4000 ? undefined : { x: 400, y: 130 }),
}
const anton: Actor = { character: ANTON, at: (ms) => (ms < 2000 ? undefined : { x: 210, y: 140 }) }

let networks: FaceNetworks
let recognition: Recognition
let looks: { readonly timeS: number; readonly scene: Scene }[]

beforeAll(async () => {
  const canonical: CanonicalFace = parseCanonicalFace(new Uint8Array(await readPublic(CANONICAL_FACE.path)))
  networks = await openNodeFaces()
  recognition = await Recognition.open(tinyRecognition())
  const scene = peopleScene(canonical, [amara, anton], WIDTH, HEIGHT, SIZE)
  looks = Array.from({ length: 28 }, (_, i) => ({
    timeS: i * LOOK_EVERY_S,
    scene: scene(1000 * i * LOOK_EVERY_S),
  }))
}, 60_000)

afterAll(() => recognition[Symbol.dispose]())

async function see(scan: PeopleScan, picture: Pixels, timeS: number): Promise<void> {
  const plate = plateOfPixels(picture)
  if (await scan.isDue(plate, timeS)) await scan.look(plate, timeS)
}

async function people(embed?: Recognition['embed']): Promise<ScannedPerson[]> {
  const scan = new PeopleScan(networks, embed)
  for (const { timeS, scene } of looks) await see(scan, scene.pixels, timeS)
  return scan.people()
}

/** Which actors a person's sightings are of, as `actor` × how many. */
function actorsOf({ sightings }: ScannedPerson): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { timeS, x, y, size } of sightings) {
    const { scene } = looks.find((look) => look.timeS === timeS)!
    const names = ['amara', 'anton'].filter((_, k) => {
      const truth = scene.truths[k]
      const place = truth && placeOf(truth)
      return place && Math.hypot(place.x - x * WIDTH, place.y - y * WIDTH) < 0.15 * size * WIDTH
    })
    const name = names[0] ?? 'nobody'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

describe('PeopleScan', () => {
  it('takes who comes back for somebody new when it goes by track', async () => {
    const found = await people()
    expect(found.map((person) => Object.keys(actorsOf(person)))).toEqual([['anton'], ['amara'], ['amara']])
    expect(new Set(found.map(({ id }) => id)).size).toBe(3)
    expect(found[0]!.seenS).toBeCloseTo(18 * LOOK_EVERY_S)
  })

  it('knows them again by recognition, and shows each once', async () => {
    const found = await people(recognition.embed.bind(recognition))
    const actors = found.map(actorsOf)
    expect(actors.map((counts) => Object.keys(counts)).sort()).toEqual([['amara'], ['anton']])
    for (const [k, { sightings, thumbnail }] of found.entries()) {
      const times = sightings.map(({ timeS }) => timeS)
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
      expect(Object.values(actors[k]!)[0]).toBeGreaterThan(14)
      expect([thumbnail.width, thumbnail.height]).toEqual([160, 160])
      const [face] = await facesInStill(plateOfPixels(thumbnail), networks)
      const place = placeOf(face!.landmarks)
      expect(Math.abs(place.x - 80)).toBeLessThan(16)
      expect(place.size).toBeGreaterThan(70)
    }
  })

  it('finds nobody where there is nobody, and somebody in a clip of one frame', async () => {
    const scan = new PeopleScan(networks, undefined)
    expect(scan.people()).toEqual([])
    await see(scan, looks.at(-1)!.scene.pixels, 0)
    expect(scan.people()).toHaveLength(2)
  })

  it('looks at the first frame of every shot, and takes nobody across a cut', async () => {
    const scan = new PeopleScan(networks, undefined)
    const [one, other] = [looks[3]!.scene.pixels, mirrored(looks[26]!.scene.pixels)]
    for (let i = 0; i < 30; i++) await see(scan, i < 16 ? one : other, i / 30)
    const people = scan.people()
    const times = people.map(({ sightings }) => sightings.map(({ timeS }) => Math.round(30 * timeS)))
    const after = [16, 22, 28]
    expect(times).toEqual([[0, 6, 12, 15], after, after])
  })

  it.runIf(inject('shared') !== '')('tells real people apart, and knows them in other places', async () => {
    const { hasFfmpeg, readPicture } = await import('../../bench/quality/ffmpeg')
    if (!hasFfmpeg()) return
    const file = await readFile(`${inject('shared')}/models/mobilefacenet_128d.onnx`)
    using real = await Recognition.open(Uint8Array.from(file))
    const read = (name: string) => readPicture(`${inject('shared')}/media/${name}`)
    const both = await read('two_faces_composite.jpg')
    const one = await read('portrait_man_a_second_frame.jpg')
    const scan = new PeopleScan(networks, real.embed.bind(real))
    for (const [i, picture] of [both, both, one, one, both, both].entries()) {
      await see(scan, picture, i)
    }
    const found = scan.people()
    expect(found.map(({ sightings }) => sightings.length)).toEqual([6, 4])
  })
})

function mirrored({ width, height, data }: Pixels): Pixels {
  const out = createPixels(width, height)
  const [from, to] = [new Uint32Array(data.buffer), new Uint32Array(out.data.buffer)]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) to[y * width + x] = from[y * width + width - 1 - x]!
  return out
}

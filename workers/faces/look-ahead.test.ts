/** Clips of synthetic people through the real networks: what is known of their faces in hindsight. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { openNodeFaces, readPublic } from '../../tests/media/node-faces'
import { type Actor, peopleScene, type Scene } from '../../tests/media/people-scene'
import { AMARA, THEO } from '../demo-head/character'
import { type FacesAt, LookAhead } from './look-ahead'
import type { FaceNetworks } from './networks'
import { plateOfPixels } from './still'
import { placeOf } from './tracks'

vi.setConfig({ testTimeout: 90_000 })

const [WIDTH, HEIGHT, SIZE] = [480, 270, 240]
const middle = { x: 240, y: 140 }
const theo: Actor = { character: THEO, at: () => middle }

let canonical: CanonicalFace
let networks: FaceNetworks
let talking: Scene[] // Theo for two seconds at 30 fps

beforeAll(async () => {
  canonical = parseCanonicalFace(new Uint8Array(await readPublic(CANONICAL_FACE.path)))
  networks = await openNodeFaces()
  talking = film([theo], 54, 30)
}, 60_000)

function film(actors: readonly Actor[], count: number, fps: number): Scene[] {
  const scene = peopleScene(canonical, actors, WIDTH, HEIGHT, SIZE)
  return Array.from({ length: count }, (_, i) => scene((i * 1000) / fps))
}

const empty = (): Pixels => {
  const pixels = createPixels(WIDTH, HEIGHT)
  pixels.data.fill(90)
  return pixels
}

/** As `scenes` where nothing hides the face, without a face but the same room where something does. */
function hidden(scenes: readonly Scene[], isHidden: (frame: number) => boolean): Pixels[] {
  const room = peopleScene(canonical, [{ ...theo, at: () => undefined }], WIDTH, HEIGHT, SIZE)(0).pixels
  return scenes.map(({ pixels }, i) => {
    if (!isHidden(i)) return pixels
    const covered = { ...pixels, data: pixels.data.slice() }
    const rows = 4 * WIDTH * 200 // the body goes on being seen: it is the same shot
    covered.data.set(room.data.subarray(0, rows))
    return covered
  })
}

async function faces(
  pictures: readonly Pixels[],
  { fps = 30, smoothing = 0.5, ahead = new LookAhead(networks, smoothing), from = 0, end = true } = {},
): Promise<{ found: FacesAt[]; behind: number }> {
  const found: FacesAt[] = []
  let behind = 0
  for (const [i, picture] of pictures.entries()) {
    found.push(...(await ahead.add(plateOfPixels(picture), ((from + i) * 1000) / fps)))
    behind = Math.max(behind, i + 1 - found.length)
  }
  if (end) found.push(...ahead.end())
  return { found, behind }
}

/** Mean distance of points, % of the distance of the outer eye corners. */
function errorPct(found: Float32Array | undefined, truth: Float32Array | undefined): number {
  if (!found || !truth) return Number.POSITIVE_INFINITY
  const eyes = Math.hypot(truth[3 * 263]! - truth[3 * 33]!, truth[3 * 263 + 1]! - truth[3 * 33 + 1]!)
  let sum = 0
  for (let i = 0; i < 3 * 468; i += 3) sum += Math.hypot(found[i]! - truth[i]!, found[i + 1]! - truth[i + 1]!)
  return (100 * sum) / 468 / eyes
}

const idsOf = (found: readonly FacesAt[]) => [...new Set(found.flatMap((at) => at.faces.map(({ id }) => id)))]

describe('LookAhead', () => {
  it.each([
    [30, 16],
    [60, 25],
    [8, 6],
  ])(
    'gives every frame once, in order, with its face, a bounded number behind at %i fps',
    async (fps, most) => {
      const clip = talking.slice(0, 30)
      const { found, behind } = await faces(
        clip.map(({ pixels }) => pixels),
        { fps },
      )
      expect(found.map(({ timeMs }) => timeMs)).toEqual(clip.map((_, i) => (i * 1000) / fps))
      expect(behind).toBeLessThanOrEqual(most)
      expect(idsOf(found)).toHaveLength(1)
      expect(found.every((at) => at.faces.length === 1 && at.missing === 0 && at.gone.length === 0)).toBe(
        true,
      )
      const [id] = idsOf(found)
      expect(found.map((at) => at.coming.size)).toEqual(clip.map((_, i) => (i === 0 ? 1 : 0)))
      const coming = found[0]!.coming.get(id!)!.map(({ timeMs }) => timeMs)
      expect(coming.length).toBeGreaterThanOrEqual(Math.min(most - 1, behind))
      expect(coming).toEqual(clip.slice(0, coming.length).map((_, i) => (i * 1000) / fps))
      const errors = found.map((at, i) => errorPct(at.faces[0]?.landmarks, talking[i]?.truths[0]))
      expect(Math.max(...errors)).toBeLessThan(5)
    },
  )

  it('fills in what is missed between two good sightings, where the face really was', async () => {
    const isHidden = (i: number) => (i >= 20 && i < 24) || (i >= 36 && i < 45)
    const { found } = await faces(hidden(talking, isHidden))
    expect(idsOf(found)).toHaveLength(1)
    found.forEach((at, i) => {
      const [face] = at.faces
      expect(face?.missingMs ?? -1, `frame ${i}`).toBeCloseTo(
        isHidden(i) ? ((i - (i < 30 ? 19 : 35)) * 1000) / 30 : 0,
      )
      expect(errorPct(face?.landmarks, talking[i]?.truths[0]), `frame ${i}`).toBeLessThan(7)
      expect(at.missing).toBe(0)
    })
  })

  it('ends a face that stays away, says so, and knows it again within two seconds', async () => {
    const away = (i: number) => i >= 15 && i < 40
    const { found } = await faces(hidden(talking, away))
    expect(found.map((at) => at.faces.length)).toEqual(talking.map((_, i) => (away(i) ? 0 : 1)))
    expect(found.map((at) => at.missing)).toEqual(talking.map((_, i) => (away(i) ? 1 : 0)))
    expect(idsOf(found)).toHaveLength(1)
    const { found: gone } = await faces(
      hidden(talking, (i) => i >= 15),
      { fps: 15 },
    )
    const [id] = idsOf(gone)
    expect(gone.flatMap((at) => at.gone.map((number) => [number, Math.round(at.timeMs)]))).toEqual([
      [id, 3000],
    ])
  })

  it('leaves out what flashes up for two frames, but not in a clip that has no more', async () => {
    const flash = talking.map(({ pixels }, i) => (i === 9 || i === 10 ? pixels : undefined))
    const room = hidden(talking, () => true)
    const clip = flash.map((pixels, i) => pixels ?? room[i]!).slice(0, 30)
    expect(idsOf((await faces(clip)).found)).toEqual([])
    const short = await faces(talking.slice(0, 2).map(({ pixels }) => pixels))
    expect(short.found.map((at) => at.faces.length)).toEqual([1, 1])
  })

  it('lets nothing reach across a cut', async () => {
    const other = film([{ character: AMARA, at: () => ({ x: 210, y: 150 }) }], 25, 30)
    const first = talking.slice(0, 25).map(({ pixels }) => pixels)
    // Another camera: the room is seen the other way round.
    const second = other.map(({ pixels }) => mirrored(pixels))
    const joined = (await faces([...first, ...second])).found
    const [alone1, alone2] = [(await faces(first)).found, (await faces(second, { from: 25 })).found]
    const plain = (found: readonly FacesAt[]) =>
      found.map((at) => at.faces.map(({ landmarks, score, crop }) => ({ landmarks, score, crop })))
    expect(plain(joined.slice(0, 25))).toEqual(plain(alone1))
    expect(plain(joined.slice(25))).toEqual(plain(alone2))
    expect(idsOf(joined)).toHaveLength(2)
    expect(joined[25]?.gone).toEqual(idsOf(alone1))
  })

  it('keeps the numbers of two people who pass each other', async () => {
    const passing = film(
      [
        { character: AMARA, at: (ms) => ({ x: 380 - ms / 7, y: 135 }) },
        { character: THEO, at: (ms) => ({ x: 100 + ms / 7, y: 140 }) },
      ],
      60,
      30,
    )
    const { found } = await faces(passing.map(({ pixels }) => pixels))
    const actors = new Map<number, Set<number>>()
    let pairs = 0
    found.forEach((at, i) => {
      const [one, two] = passing[i]!.truths.map((truth) => placeOf(truth!))
      if (Math.abs(one!.x - two!.x) < 0.7 * one!.size) return // one hides the other
      if (at.faces.length === 2) pairs++
      for (const face of at.faces) {
        const { x } = placeOf(face.landmarks)
        const actor = Math.abs(x - one!.x) < Math.abs(x - two!.x) ? 0 : 1
        actors.set(face.id, (actors.get(face.id) ?? new Set()).add(actor))
      }
    })
    expect(pairs).toBeGreaterThan(25)
    expect([...actors.values()].map((set) => [...set]).sort()).toEqual([[0], [1]])
  })

  it('goes on from what was saved as if it had never stopped, to the bit', async () => {
    const clip = hidden(talking, (i) => (i >= 18 && i < 22) || i === 30)
    const whole = await faces(clip)
    for (const stop of [20, 33]) {
      const before = new LookAhead(networks, 0.5)
      const start = await faces(clip.slice(0, stop), { ahead: before, end: false })
      const memory = structuredClone(before.save())
      await faces(clip.slice(stop, stop + 5), { ahead: before, from: stop, end: false }) // it is a copy
      const after = new LookAhead(networks, 0.5)
      after.restore(memory)
      const rest = await faces(clip.slice(stop), { ahead: after, from: stop })
      expect([...start.found, ...rest.found], `saved after ${stop} frames`).toEqual(whole.found)
    }
    const refused = expect.objectContaining({ name: 'MemoryOutdatedError' })
    expect(() => new LookAhead(networks, 0.5).restore({ kind: 'look-ahead 0' })).toThrow(refused)
  })

  it('finds nothing in an empty picture', async () => {
    const { found } = await faces(Array.from({ length: 8 }, empty))
    expect(found.map((at) => [at.faces.length, at.missing])).toEqual(Array(8).fill([0, 0]))
  })
})

function mirrored({ width, height, data }: Pixels): Pixels {
  const out = createPixels(width, height)
  const [from, to] = [new Uint32Array(data.buffer), new Uint32Array(out.data.buffer)]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) to[y * width + x] = from[y * width + width - 1 - x]!
  return out
}

/** A real clip of two people, from its file to who is in it. */
import { BufferTarget, CanvasSource, Mp4OutputFormat, Output } from 'mediabunny'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { peopleScene } from '../../tests/media/people-scene'
import { tinyRecognition } from '../../tests/media/tiny-recognition'
import { AMARA, ANTON } from '../demo-head/character'
import { loadWeights } from '../inference/weights'
import type { ClipReader } from '../media/clip-reader'
import { openClip } from '../media/open-clip'
import { openParts, type SwapParts } from '../studio/parts'
import { keepModel, removeModel } from './installed-model'
import { scanPeople } from './scan'

const FPS = 10
const [WIDTH, HEIGHT] = [480, 272]

let parts: SwapParts
let reader: ClipReader

/** Amara is there for a second, goes, and comes back elsewhere after 3.4 s; Anton comes in the meantime and stays. */
async function film(canonical: CanonicalFace): Promise<File> {
  const scene = peopleScene(
    canonical,
    [
      {
        character: AMARA,
        at: (ms) => (ms < 1000 ? { x: 110, y: 140 } : ms < 3400 ? undefined : { x: 100, y: 132 }),
      },
      { character: ANTON, at: (ms) => (ms < 1400 ? undefined : { x: 350, y: 140 }) },
    ],
    WIDTH,
    HEIGHT,
    240,
  )
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  const context = canvas.getContext('2d')!
  const target = new BufferTarget()
  const output = new Output({ format: new Mp4OutputFormat(), target })
  const source = new CanvasSource(canvas, { codec: 'avc', bitrate: 1_500_000 })
  output.addVideoTrack(source, { frameRate: FPS })
  await output.start()
  for (let i = 0; i < 4.6 * FPS; i++) {
    const { data, width, height } = scene((1000 * i) / FPS).pixels
    context.putImageData(new ImageData(data, width, height), 0, 0)
    await source.add(i / FPS, 1 / FPS)
  }
  await output.finalize()
  return new File([target.buffer!], 'two people.mp4')
}

beforeAll(async () => {
  const file = await film(parseCanonicalFace(await loadWeights(CANONICAL_FACE)))
  parts = await openParts(() => undefined, undefined)
  const signal = new AbortController().signal
  reader = await openClip(file, file.name, { onProgress: () => undefined, signal })
}, 120_000)

afterAll(async () => {
  reader[Symbol.dispose]()
  parts[Symbol.dispose]()
  await removeModel()
})

const scan = (onProgress: (done: number) => void = () => undefined, signal = new AbortController().signal) =>
  scanPeople(reader, parts, undefined, onProgress, signal)

describe('scanPeople', () => {
  it('tells people apart by track where no recognition model is installed', async () => {
    await removeModel()
    const progress: number[] = []
    const { by, people } = await scan((done) => progress.push(done))
    expect(by).toBe('track')
    expect(people).toHaveLength(3) // who comes back is somebody new
    expect(progress.at(-1)).toBe(1)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.length).toBeGreaterThan(15)
    for (const { thumbnail, sightings } of people) {
      expect([thumbnail.width, thumbnail.height]).toEqual([160, 160])
      for (const { x, size } of sightings) expect(size > 0.1 && size < 0.5 && x > 0 && x < 1).toBe(true)
      thumbnail.close()
    }
  })

  it('knows who comes back by an installed recognition model', async () => {
    await keepModel(new Blob([tinyRecognition()]))
    const { by, people } = await scan()
    expect(by).toBe('recognition')
    const sides = people.map(({ sightings }) => sightings.map(({ x }) => (x < 0.5 ? 'left' : 'right')))
    expect(sides.map((side) => [...new Set(side)])).toEqual([['right'], ['left']])
    const [, amara] = people
    expect(amara!.sightings[0]!.timeS).toBeLessThan(0.3)
    expect(amara!.sightings.at(-1)!.timeS).toBeGreaterThan(4.2)
    for (const { thumbnail } of people) thumbnail.close()
  })

  it('stops when it is told to', async () => {
    const life = new AbortController()
    const stopped = scan((done) => {
      if (done > 0.3) life.abort()
    }, life.signal)
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    const { people } = await scan() // the clip can be scanned again
    for (const { thumbnail } of people) thumbnail.close()
    expect(people).toHaveLength(2)
  })
})

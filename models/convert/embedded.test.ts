import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { FACE_DETECTOR, FACE_MESH, type ModelEntry, REGISTRY } from '../registry'
import { makeEmbedded } from './embedded'
import { runReference } from './nhwc-reference'
import { unpackAsset } from './packed-assets'
import { parseTflite } from './tflite'

const packed = createRequire(import.meta.url)
  .resolve('@mediapipe/face_mesh/package.json')
  .replace('package.json', 'face_mesh_solution_packed_assets')
const loader = readFileSync(`${packed}_loader.js`, 'utf8')
const data = new Uint8Array(readFileSync(`${packed}.data`))
const asset = (name: string) => unpackAsset(loader, data, name)

beforeAll(() => {
  ort.env.wasm.numThreads = 1
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('what is made and what lies in public/models is what the registry says', () => {
  const made = makeEmbedded(asset)
  expect(made.map(({ entry }) => entry)).toEqual(REGISTRY)
  for (const { entry, bytes } of made) {
    const served = readFileSync(new URL(`../../public/${entry.path}`, import.meta.url))
    for (const file of [bytes, served]) {
      expect({ bytes: file.length, sha256: sha256(file) }).toEqual({
        bytes: entry.bytes,
        sha256: entry.sha256,
      })
    }
  }
})

test('a file that is missing or damaged is refused', () => {
  const refused = expect.objectContaining({ name: 'ModelFormatError' })
  const thrown = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }
  expect(thrown(() => asset('nothing.tflite'))).toEqual(refused)
  const detector = asset(FACE_DETECTOR.source.file)
  expect(thrown(() => parseTflite(detector.slice(0, 4000)))).toEqual(refused)
  expect(thrown(() => parseTflite(new Uint8Array(64)))).toEqual(refused)
})

describe.each([FACE_DETECTOR, FACE_MESH])('$id', (entry: ModelEntry) => {
  const open = () => {
    const made = makeEmbedded(asset).find((each) => each.entry === entry)
    return ort.InferenceSession.create(made!.bytes)
  }

  test('its ends are the contract', async () => {
    const session = await open()
    const ends = (metadata: readonly ort.InferenceSession.ValueMetadata[]) =>
      metadata.map((each) => each.isTensor && { name: each.name, dtype: each.type, shape: each.shape })
    const contract = (tensors: ModelEntry['inputs']) =>
      tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))
    expect(ends(session.inputMetadata)).toEqual(contract(entry.inputs))
    expect(ends(session.outputMetadata)).toEqual(contract(entry.outputs))
    await session.release()
  })

  test('its numbers are those of the original graph in plain NHWC loops', async () => {
    const { shape, range } = entry.inputs[0]!
    const side = shape[2]!
    const [low, high] = range!
    const picture = (x: number, y: number, channel: number): number =>
      low + (high - low) * (0.5 + 0.5 * Math.sin(x * 0.11 + channel) * Math.cos(y * 0.07 - channel * 2))
    const nhwc = Float32Array.from({ length: 3 * side * side }, (_, i) =>
      picture(Math.floor(i / 3) % side, Math.floor(i / 3 / side), i % 3),
    )
    const nchw = Float32Array.from({ length: 3 * side * side }, (_, i) =>
      picture(i % side, Math.floor(i / side) % side, Math.floor(i / side / side)),
    )

    const wanted = runReference(parseTflite(asset(entry.source.file)), [nhwc])
    const session = await open()
    const results = await session.run({ input: new ort.Tensor('float32', nchw, shape) })
    for (const [i, { name }] of entry.outputs.entries()) {
      const got = results[name]!.data as Float32Array
      expect(got.length).toBe(wanted[i]!.length)
      const scale = Math.max(1, ...wanted[i]!.map(Math.abs))
      const worst = got.reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[i]![at]!)), 0)
      expect(worst / scale).toBeLessThan(1e-4)
      expect(Math.max(...got) - Math.min(...got) > 1 || got.length === 1).toBe(true) // not all the same
    }
    await session.release()
  })
})

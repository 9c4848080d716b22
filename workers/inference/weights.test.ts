import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { CANONICAL_FACE, FACE_DETECTOR } from '../../models/registry'
import { Model } from './model'
import { loadWeights, type ReadWeights } from './weights'

const fromDisk: ReadWeights = async (path) => {
  const file = await readFile(new URL(`../../public/${path}`, import.meta.url))
  return new Uint8Array(file).buffer
}

test('a file that is as the registry says is handed over', async () => {
  expect((await loadWeights(CANONICAL_FACE, undefined, fromDisk)).length).toBe(CANONICAL_FACE.bytes)
})

test('one changed bit, a byte less, or another file: refused', async () => {
  const changed: ReadWeights = async (path) => {
    const bytes = new Uint8Array(await fromDisk(path))
    bytes[1000]! ^= 1
    return bytes.buffer
  }
  const shorter: ReadWeights = async (path) => (await fromDisk(path)).slice(0, -1)
  const other: ReadWeights = () => fromDisk(FACE_DETECTOR.path)
  for (const read of [changed, shorter, other]) {
    await expect(loadWeights(CANONICAL_FACE, undefined, read)).rejects.toMatchObject({
      name: 'WeightCorruptError',
    })
  }
})

test('aborting rejects with the reason, before and during', async () => {
  await expect(loadWeights(CANONICAL_FACE, AbortSignal.abort(), fromDisk)).rejects.toMatchObject({
    name: 'AbortError',
  })
  const life = new AbortController()
  const slow: ReadWeights = (path) => {
    life.abort(new Error('changed my mind'))
    return fromDisk(path)
  }
  await expect(loadWeights(CANONICAL_FACE, life.signal, slow)).rejects.toThrow('changed my mind')
})

test('a model runs in Node, and says what it lacks', async () => {
  using model = await Model.open(FACE_DETECTOR, await loadWeights(FACE_DETECTOR, undefined, fromDisk))
  const { regressors, classificators } = await model.run({ input: new Float32Array(3 * 128 * 128) })
  expect([regressors!.length, classificators!.length]).toEqual([896 * 16, 896])
  await expect(model.run({ picture: new Float32Array(3) })).rejects.toThrow('face-detector needs input.')
  await expect(model.run({ input: new Float32Array(3) })).rejects.toThrow()
  await model.run({ input: new Float32Array(3 * 128 * 128) }) // a refused run leaves the model as it was
})

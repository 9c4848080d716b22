import { expect, test } from 'vitest'
import { FACE_DETECTOR, FACE_MESH, type ModelEntry } from '../../models/registry'
import { Model } from './model'
import { openOnFastest } from './providers'
import { threadCount } from './runtime'
import { loadWeights } from './weights'

const picture = (entry: ModelEntry): Float32Array => {
  const length = entry.inputs[0]!.shape.reduce((a, b) => a * b, 1)
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37) * 0.5)
}

function worstDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

async function openDevice(): Promise<GPUDevice | undefined> {
  const adapter = await navigator.gpu?.requestAdapter()
  return adapter?.requestDevice()
}

test('threads are used where the page is isolated', () => {
  expect(crossOriginIsolated).toBe(true)
  expect(threadCount()).toBe(Math.min(navigator.hardwareConcurrency, 4))
})

test('weights come from our own origin; what is not there is named', async () => {
  expect((await loadWeights(FACE_MESH)).length).toBe(FACE_MESH.bytes)
  const elsewhere = { ...FACE_MESH, path: 'models/../../nothing.onnx' }
  await expect(loadWeights(elsewhere)).rejects.toMatchObject({
    name: expect.stringMatching(/^Weight(Missing|Corrupt)Error$/), // a dev server may answer with a page
  })
})

test('runs of all models take turns, and each gets its own answer', async () => {
  using detector = await Model.open(FACE_DETECTOR, await loadWeights(FACE_DETECTOR))
  using mesh = await Model.open(FACE_MESH, await loadWeights(FACE_MESH))
  const [a, b] = [picture(FACE_DETECTOR), picture(FACE_MESH)]
  const alone = { detector: await detector.run({ input: a }), mesh: await mesh.run({ input: b }) }
  const together = await Promise.all(
    [0, 1, 2, 3].flatMap(() => [detector.run({ input: a }), mesh.run({ input: b })]),
  )
  for (const [i, outputs] of together.entries()) {
    const wanted = i % 2 === 0 ? alone.detector : alone.mesh
    for (const [name, values] of Object.entries(outputs)) expect(values).toEqual(wanted[name])
  }
})

test('both providers give the same numbers, and the faster one is kept', async () => {
  const device = await openDevice()
  const bytes = await loadWeights(FACE_MESH)
  using wasm = await Model.open(FACE_MESH, bytes)
  const wanted = await wasm.run({ input: picture(FACE_MESH) })

  const { model, state } = await openOnFastest(FACE_MESH, bytes, { device })
  using chosen = model
  expect(state).toMatchObject({ id: FACE_MESH.id, task: FACE_MESH.task, provider: chosen.provider })
  expect(state.measuredMs.wasm).toBeGreaterThan(0)
  if (device) {
    const { wasm: wasmMs, webgpu: webgpuMs } = state.measuredMs
    expect(state.provider).toBe(webgpuMs! < wasmMs! ? 'webgpu' : 'wasm')
    using onGpu = await Model.open(FACE_MESH, bytes, device)
    const got = await onGpu.run({ input: picture(FACE_MESH) })
    expect(worstDifference(got.landmarks!, wanted.landmarks!)).toBeLessThan(0.01) // px of 192
  }
  device?.destroy()
})

test('a lost device is named, blocks nobody, and a new one works', async () => {
  const device = await openDevice()
  if (!device) return
  const bytes = await loadWeights(FACE_DETECTOR)
  const input = picture(FACE_DETECTOR)
  using wasm = await Model.open(FACE_DETECTOR, bytes)
  using model = await Model.open(FACE_DETECTOR, bytes, device)
  const lost = { name: 'DeviceLostError' }

  const running = model.run({ input })
  const next = model.run({ input }) // waits for its turn while the device goes
  setTimeout(() => device.destroy(), 20)
  await Promise.allSettled([running])
  await expect(next).rejects.toMatchObject(lost)
  await expect(model.run({ input })).rejects.toMatchObject(lost)
  await expect(Model.open(FACE_DETECTOR, bytes, device)).rejects.toMatchObject(lost)
  expect((await wasm.run({ input })).regressors).toHaveLength(896 * 16)

  const another = (await openDevice())!
  using again = await Model.open(FACE_DETECTOR, bytes, another)
  expect((await again.run({ input })).regressors).toHaveLength(896 * 16)
})

test('what was measured before is not measured again', async () => {
  const remembered = { wasm: 2 }
  const { model, state } = await openOnFastest(FACE_MESH, await loadWeights(FACE_MESH), { remembered })
  using _ = model
  expect(state).toMatchObject({ provider: 'wasm', measuredMs: remembered })
})

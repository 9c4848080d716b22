import { describe, expect, it, onTestFinished } from 'vitest'
import { sampleFrame, sampleLayer } from '../sample-picture'
import { cropAround, differenceOf, EDGES, PLAIN, picture, shownOn } from '../testing/pictures'
import { type Gpu, openGpu } from './gpu'
import { WebGpuCompositor } from './webgpu-compositor'

async function gpuForTest(): Promise<Gpu> {
  const errors: string[] = []
  const gpu = (await openGpu((message) => errors.push(message)))!
  onTestFinished(() => {
    gpu[Symbol.dispose]()
    expect(errors.join('\n')).toBe('')
  })
  return gpu
}

const LOST = { name: 'DeviceLostError' }

describe('a lost device', () => {
  it('rejects by name, and another compositor goes on with the canvas', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    const first = await gpuForTest()
    const broken = new WebGpuCompositor(canvas, first, EDGES)
    const plate = await broken.take(sampleFrame(320, 240))
    const drawing = broken.draw(plate, [], PLAIN)
    first.lose()
    await expect(drawing).rejects.toMatchObject(LOST)
    await expect(broken.draw(plate, [], PLAIN)).rejects.toMatchObject(LOST)
    await expect(broken.snapshot()).rejects.toMatchObject(LOST)
    const late = sampleFrame(320, 240)
    await expect(broken.take(late)).rejects.toMatchObject(LOST)
    expect(late.format).toBe(null) // closed

    const second = await gpuForTest()
    using next = new WebGpuCompositor(canvas, second, EDGES)
    plate[Symbol.dispose]()
    broken[Symbol.dispose]() // must not take the canvas from its successor
    using again = await next.take(sampleFrame(320, 240))
    await next.draw(again, [sampleLayer(320, 240)], PLAIN)
    const oracle = await picture('cpu', second, sampleFrame(320, 240), [sampleLayer(320, 240)])
    expect(differenceOf(shownOn(canvas), oracle).mean).toBeLessThan(0.3)
  })

  it.each([
    ['on purpose', (gpu: Gpu) => gpu.lose()],
    ['by the browser', (gpu: Gpu) => gpu.device.destroy()],
  ])('%s rejects a crop that is under way', async (_, lose) => {
    const gpu = await gpuForTest()
    using compositor = new WebGpuCompositor(new OffscreenCanvas(1, 1), gpu, EDGES, { intake: 'import' })
    using plate = await compositor.take(sampleFrame(320, 240))
    const frameToCrop = cropAround(160, 120, 1, 0, 192)
    const cropping = plate.crop(frameToCrop, 192)
    const waiting = plate.crop(frameToCrop, 192)
    lose(gpu)
    await expect(cropping).rejects.toMatchObject(LOST)
    await expect(waiting).rejects.toMatchObject(LOST)
    await expect(plate.crop(frameToCrop, 192)).rejects.toMatchObject(LOST)
  })

  it('is told, also when the browser takes it', async () => {
    const gpu = await gpuForTest()
    gpu.device.destroy()
    expect(await gpu.lost).toBeTypeOf('string')
    expect(() => gpu.throwIfLost()).toThrow(expect.objectContaining(LOST))
  })
})

it('tells each GPU error once, and not the console', async () => {
  const told: string[] = []
  using gpu = (await openGpu((message) => told.push(message)))!
  for (let i = 0; i < 3; i++) gpu.device.createBuffer({ size: 4, usage: 0 })
  await gpu.device.queue.onSubmittedWorkDone()
  expect(told).toHaveLength(1)
})

it('names the adapter', async () => {
  const gpu = await gpuForTest()
  expect(gpu.adapter.name).not.toBe('')
})

it('gives snapshots of what a page shows, also after it was shown', async () => {
  const gpu = await gpuForTest()
  const element = document.createElement('canvas')
  document.body.append(element)
  onTestFinished(() => element.remove())
  using compositor = new WebGpuCompositor(element.transferControlToOffscreen(), gpu, EDGES)
  await expect(compositor.snapshot()).rejects.toThrow('Nothing was drawn yet.')
  using plate = await compositor.take(sampleFrame(321, 240))
  const layers = [sampleLayer(321, 240)]
  await compositor.draw(plate, layers, PLAIN)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const blob = await compositor.snapshot()
  expect(blob.type).toBe('image/png')
  const oracle = await picture('cpu', gpu, sampleFrame(321, 240), layers)
  expect(differenceOf(shownOn(await createImageBitmap(blob)), oracle).mean).toBeLessThan(0.3)
})

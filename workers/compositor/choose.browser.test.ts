import { expect, it } from 'vitest'
import { measureCompositors } from './choose'
import { openGpu } from './webgpu/gpu'

it('chooses what was faster', async () => {
  using gpu = (await openGpu((message) => expect.unreachable(message)))!
  const { choice, medianMs } = await measureCompositors(gpu)
  expect(medianMs.cpu).toBeGreaterThan(0)
  // A machine too slow for one frame in time has no median, and draws on the CPU.
  const { cpu = 0, webgpu = Number.POSITIVE_INFINITY } = medianMs
  const handicap = gpu.adapter.software ? 3 : 1
  expect(choice).toBe(webgpu * handicap < cpu ? 'webgpu' : 'cpu')
})

it('chooses the CPU where there is no GPU', async () => {
  const { choice, medianMs } = await measureCompositors(undefined)
  expect(choice).toBe('cpu')
  expect(Object.keys(medianMs)).toEqual(['cpu'])
})

it('chooses the CPU when the device is lost before or meanwhile', async () => {
  const before = (await openGpu((message) => expect.unreachable(message)))!
  before.lose()
  expect(await measureCompositors(before)).toMatchObject({ choice: 'cpu' })

  const meanwhile = (await openGpu((message) => expect.unreachable(message)))!
  const measuring = measureCompositors(meanwhile)
  setTimeout(() => meanwhile.lose(), 50)
  expect((await measuring).choice).toBe('cpu')
})

/** What every other browser test stands on: threads, WebGPU and a camera without hardware. */
import { expect, inject, test } from 'vitest'

test('the page is cross-origin isolated, so WebAssembly has threads', () => {
  expect(globalThis.crossOriginIsolated).toBe(true)
  expect(new SharedArrayBuffer(8).byteLength).toBe(8)
})

test('WebGPU computes', async () => {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter!.requestDevice()
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC
  const out = device.createBuffer({ size: 16, usage })
  const read = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
  const code = `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
    @compute @workgroup_size(4) fn main(@builtin(local_invocation_id) id: vec3u) { out[id.x] = id.x * id.x; }`
  const compute = { module: device.createShaderModule({ code }), entryPoint: 'main' }
  const pipeline = device.createComputePipeline({ layout: 'auto', compute })
  const entries = [{ binding: 0, resource: { buffer: out } }]
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(1)
  pass.end()
  encoder.copyBufferToBuffer(out, 0, read, 0, 16)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  expect([...new Uint32Array(read.getMappedRange())]).toEqual([0, 1, 4, 9])
  device.destroy()
})

test('the fake camera delivers frames', async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } })
  const [track] = stream.getVideoTracks()
  const video = document.createElement('video')
  video.srcObject = stream
  await video.play()
  const frame = new VideoFrame(video)
  expect([frame.displayWidth, frame.displayHeight]).toEqual([640, 480])
  frame.close()
  track!.stop()
})

test('test material beside the project can be read where it exists', async () => {
  const shared = inject('shared')
  if (!shared) return
  const response = await fetch(`/@fs${shared}/media/portrait_man_a_lp_d19.jpg`)
  expect(response.status).toBe(200)
  expect((await createImageBitmap(await response.blob())).width).toBe(720)
})

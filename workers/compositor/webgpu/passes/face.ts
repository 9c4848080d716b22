import { type Layer, VERTEX_FLOATS } from '../../layer'
import type { SourceTextures } from '../source-textures'
import code from './face.wgsl?raw'
import { bind, type DrawPass, roomFor, type Shown, trianglePipeline, uniformBuffer } from './pass'

export interface FaceInput extends Shown {
  readonly layers: readonly Layer[]
}

/** What one layer of a picture needs of its own; kept for the next picture. */
interface Slot {
  vertices: GPUBuffer | undefined
  triangles: GPUBuffer | undefined
  readonly view: GPUBuffer
}

const VERTEX: GPUVertexBufferLayout = {
  arrayStride: VERTEX_FLOATS * 4,
  attributes: [
    { shaderLocation: 0, offset: 0, format: 'float32x2' },
    { shaderLocation: 1, offset: 8, format: 'float32x2' },
    { shaderLocation: 2, offset: 16, format: 'float32x2' },
    { shaderLocation: 3, offset: 24, format: 'float32x3' },
    { shaderLocation: 4, offset: 36, format: 'float32x2' },
  ],
}

/** Lays the faces over the plate, triangle by triangle in their order. Once per submit. */
export function facePass(
  device: GPUDevice,
  format: GPUTextureFormat,
  textures: SourceTextures,
): DrawPass<FaceInput> {
  const pipeline = trianglePipeline(device, { label: 'face', code, format, buffers: [VERTEX] })
  const linear = device.createSampler({ label: 'face', magFilter: 'linear', minFilter: 'linear' })
  const slots: Slot[] = []
  const view = new DataView(new ArrayBuffer(8))

  const drawLayer = (pass: GPURenderPassEncoder, slot: Slot, layer: Layer, { plate, mirror }: Shown) => {
    const { vertices, opacity } = layer
    // Writes to the GPU come in fours of bytes, that is in pairs of vertex numbers.
    const triangles = layer.triangles.length % 2 === 0 ? layer.triangles : evenly(layer.triangles)
    slot.vertices = roomFor(device, slot.vertices, 'face', vertices.byteLength, GPUBufferUsage.VERTEX)
    slot.triangles = roomFor(device, slot.triangles, 'face', triangles.byteLength, GPUBufferUsage.INDEX)
    view.setFloat32(0, opacity, true)
    view.setUint32(4, mirror ? 1 : 0, true)
    device.queue.writeBuffer(slot.vertices, 0, vertices)
    device.queue.writeBuffer(slot.triangles, 0, triangles)
    device.queue.writeBuffer(slot.view, 0, view)
    const face = textures.of(layer.texture).createView()
    pass.setBindGroup(0, bind(device, pipeline, [plate.createView(), face, linear, { buffer: slot.view }]))
    pass.setVertexBuffer(0, slot.vertices)
    pass.setIndexBuffer(slot.triangles, 'uint16')
    pass.drawIndexed(layer.triangles.length)
  }

  return {
    encode(pass, input) {
      pass.setPipeline(pipeline)
      for (const [i, layer] of input.layers.entries()) {
        if (layer.triangles.length === 0) continue
        slots[i] ??= { vertices: undefined, triangles: undefined, view: uniformBuffer(device, 'face', 8) }
        drawLayer(pass, slots[i], layer, input)
      }
    },
    [Symbol.dispose]() {
      for (const slot of slots) {
        slot.vertices?.destroy()
        slot.triangles?.destroy()
        slot.view.destroy()
      }
    },
  }
}

function evenly(triangles: Uint16Array): Uint16Array<ArrayBuffer> {
  const even = new Uint16Array(triangles.length + 1)
  even.set(triangles)
  return even
}

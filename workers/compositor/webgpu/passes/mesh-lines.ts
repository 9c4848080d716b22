import { LINE, lineRadiusPx } from '../../wireframe'
import code from './mesh-lines.wgsl?raw'
import { bind, type DrawPass, roomFor, type Shown, trianglePipeline, uniformBuffer } from './pass'

export interface MeshLinesInput extends Shown {
  readonly meshes: readonly Float32Array[]
}

const OVER: GPUBlendComponent = { srcFactor: 'src-alpha', dstFactor: 'one-minus-src-alpha' }

/** Draws meshes as lines over the picture. `edges`: pairs of point numbers. Once per submit. */
export function meshLinesPass(
  device: GPUDevice,
  format: GPUTextureFormat,
  edges: Uint16Array,
): DrawPass<MeshLinesInput> {
  const blend = { color: OVER, alpha: { srcFactor: 'zero', dstFactor: 'one' } } as const
  const pipeline = trianglePipeline(device, { label: 'mesh lines', code, format, blend })
  const view = uniformBuffer(device, 'mesh lines', 32)
  const count = edges.length / 2
  const pairs = device.createBuffer({
    label: 'mesh edges',
    size: Math.max(4, edges.byteLength),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  })
  device.queue.writeBuffer(pairs, 0, new Uint16Array(edges)) // a pair is one u32, first point in the low half
  const points: (GPUBuffer | undefined)[] = []
  return {
    encode(pass, { plate, mirror, meshes }) {
      if (meshes.length === 0 || count === 0) return
      const { width, height } = plate
      const values = new Float32Array([
        width,
        height,
        lineRadiusPx(height) + 0.5,
        0,
        ...LINE.colour,
        LINE.opacity,
      ])
      new Uint32Array(values.buffer)[3] = mirror ? 1 : 0
      device.queue.writeBuffer(view, 0, values)
      pass.setPipeline(pipeline)
      for (const [i, mesh] of meshes.entries()) {
        const buffer = roomFor(device, points[i], 'mesh points', mesh.byteLength, GPUBufferUsage.STORAGE)
        points[i] = buffer
        device.queue.writeBuffer(buffer, 0, new Float32Array(mesh))
        pass.setBindGroup(0, bind(device, pipeline, [{ buffer: view }, { buffer }, { buffer: pairs }]))
        pass.draw(6, count)
      }
    },
    [Symbol.dispose]() {
      view.destroy()
      pairs.destroy()
      for (const buffer of points) buffer?.destroy()
    },
  }
}

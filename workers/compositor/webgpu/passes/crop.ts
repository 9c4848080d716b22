import { type Affine, invert } from '../../../../models/affine'
import { tapsPerSide } from '../../cpu/crop'
import code from './crop.wgsl?raw'
import { bind, trianglePipeline, uniformBuffer } from './pass'

export interface CropPass extends Disposable {
  /** Cuts `Plate.crop`'s square out of `plate` and fills `target` (rgba8unorm, size × size) with it. */
  encode(encoder: GPUCommandEncoder, plate: GPUTexture, frameToCrop: Affine, target: GPUTexture): void
}

/** One crop per submit: they share the uniform. */
export function cropPass(device: GPUDevice): CropPass {
  const pipeline = trianglePipeline(device, { label: 'crop', code, format: 'rgba8unorm' })
  const linear = device.createSampler({ label: 'crop', magFilter: 'linear', minFilter: 'linear' })
  const cut = uniformBuffer(device, 'crop', 32)
  const values = new DataView(new ArrayBuffer(32))
  return {
    encode(encoder, plate, frameToCrop, target) {
      for (const [i, value] of invert(frameToCrop).entries()) values.setFloat32(4 * i, value, true)
      values.setUint32(24, tapsPerSide(frameToCrop), true)
      device.queue.writeBuffer(cut, 0, values)
      const pass = encoder.beginRenderPass({
        label: 'crop',
        colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }],
      })
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [plate.createView(), linear, { buffer: cut }]))
      pass.draw(3)
      pass.end()
    },
    [Symbol.dispose]: () => cut.destroy(),
  }
}

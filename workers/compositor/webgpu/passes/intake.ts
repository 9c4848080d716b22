import code from './intake.wgsl?raw'
import { bind, trianglePipeline, uniformBuffer } from './pass'

export interface IntakePass extends Disposable {
  /** Draws the camera's picture over the whole of `plate` (rgba8unorm), upright, pixels square. */
  encode(encoder: GPUCommandEncoder, camera: GPUExternalTexture, plate: GPUTexture): void
}

/**
 * Copies a camera frame into a texture that outlives it: the passes after it need not know how a camera stores colour,
 * and the camera has its frame back at once.
 */
export function intakePass(device: GPUDevice): IntakePass {
  const pipeline = trianglePipeline(device, { label: 'intake', code, format: 'rgba8unorm' })
  const linear = device.createSampler({ label: 'intake', magFilter: 'linear', minFilter: 'linear' })
  const size = uniformBuffer(device, 'intake size', 8)
  return {
    encode(encoder, camera, plate) {
      device.queue.writeBuffer(size, 0, new Float32Array([plate.width, plate.height]))
      const pass = encoder.beginRenderPass({
        label: 'intake',
        colorAttachments: [{ view: plate.createView(), loadOp: 'clear', storeOp: 'store' }],
      })
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [camera, linear, { buffer: size }]))
      pass.draw(3)
      pass.end()
    },
    [Symbol.dispose]: () => size.destroy(),
  }
}

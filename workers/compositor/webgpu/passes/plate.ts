import { bind, type DrawPass, type Shown, trianglePipeline, uniformBuffer } from './pass'
import code from './plate.wgsl?raw'

/** Fills the picture with the plate. Once per submit: the uniform is shared. */
export function platePass(device: GPUDevice, format: GPUTextureFormat): DrawPass<Shown> {
  const pipeline = trianglePipeline(device, { label: 'plate', code, format })
  const view = uniformBuffer(device, 'plate', 4)
  return {
    encode(pass, { plate, mirror }) {
      device.queue.writeBuffer(view, 0, new Uint32Array([mirror ? 1 : 0]))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [plate.createView(), { buffer: view }]))
      pass.draw(3)
    },
    [Symbol.dispose]: () => view.destroy(),
  }
}

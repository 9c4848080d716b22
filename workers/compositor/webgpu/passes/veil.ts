import { VEIL_TAPS, veilBlockPx } from '../../veil'
import { bind, type DrawPass, type Shown, trianglePipeline, uniformBuffer } from './pass'
import code from './veil.wgsl?raw'

/** Fills the picture with the plate's mosaic. Once per submit: the uniform is shared. */
export function veilPass(device: GPUDevice, format: GPUTextureFormat): DrawPass<Shown> {
  const pipeline = trianglePipeline(device, { label: 'veil', code, format })
  const view = uniformBuffer(device, 'veil', 16)
  return {
    encode(pass, { plate, mirror }) {
      const block = veilBlockPx(plate.width)
      const across = Math.ceil(plate.width / block)
      device.queue.writeBuffer(view, 0, new Uint32Array([mirror ? 1 : 0, block, VEIL_TAPS, across]))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [plate.createView(), { buffer: view }]))
      pass.draw(6, across * Math.ceil(plate.height / block))
    },
    [Symbol.dispose]: () => view.destroy(),
  }
}

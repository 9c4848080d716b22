import { VEIL_TAPS, veilBlockPx } from '../../veil'
import { bind, type DrawPass, type Shown, trianglePipeline, uniformBuffer } from './pass'
import code from './plate.wgsl?raw'

export interface PlateInput extends Shown {
  readonly veil: boolean
}

/** Fills the picture with the plate, or with its mosaic. Once per submit: the uniform is shared. */
export function platePass(device: GPUDevice, format: GPUTextureFormat): DrawPass<PlateInput> {
  const pipeline = trianglePipeline(device, { label: 'plate', code, format })
  const view = uniformBuffer(device, 'plate', 16)
  return {
    encode(pass, { plate, mirror, veil }) {
      const block = veil ? veilBlockPx(plate.width) : 0
      device.queue.writeBuffer(view, 0, new Uint32Array([mirror ? 1 : 0, block, VEIL_TAPS, 0]))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [plate.createView(), { buffer: view }]))
      pass.draw(3)
    },
    [Symbol.dispose]: () => view.destroy(),
  }
}

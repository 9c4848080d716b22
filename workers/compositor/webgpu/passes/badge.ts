import type { Overlay } from '../../layer'
import { badgeBounds } from '../../shown'
import code from './badge.wgsl?raw'
import { bind, type DrawPass, trianglePipeline, uniformBuffer } from './pass'

export interface BadgeInput {
  readonly badge: Overlay['badge']
  readonly width: number // px of the picture
  readonly height: number
}

const OVER: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' }

/** Lays the badge over a corner, pixel for pixel. Once per submit. `onUpload` hears when a new badge went to the GPU. */
export function badgePass(
  device: GPUDevice,
  format: GPUTextureFormat,
  onUpload: () => void,
): DrawPass<BadgeInput> {
  const pipeline = trianglePipeline(device, {
    label: 'badge',
    code,
    format,
    blend: { color: OVER, alpha: OVER },
  })
  const place = uniformBuffer(device, 'badge', 16)
  let held: { readonly image: ImageBitmap; readonly texture: GPUTexture } | undefined

  const textureOf = (image: ImageBitmap): GPUTexture => {
    if (held?.image === image) return held.texture
    held?.texture.destroy()
    const texture = device.createTexture({
      label: 'badge',
      size: [image.width, image.height],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    })
    const target = { texture, premultipliedAlpha: true }
    device.queue.copyExternalImageToTexture({ source: image }, target, [image.width, image.height])
    onUpload()
    held = { image, texture }
    return texture
  }

  return {
    encode(pass, { badge, width, height }) {
      if (!badge) return
      const texture = textureOf(badge.image)
      const { x, y } = badgeBounds(texture, badge.corner, width, height)
      device.queue.writeBuffer(place, 0, new Float32Array([x, y, width, height]))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bind(device, pipeline, [texture.createView(), { buffer: place }]))
      pass.draw(6)
    },
    [Symbol.dispose]() {
      place.destroy()
      held?.texture.destroy()
    },
  }
}

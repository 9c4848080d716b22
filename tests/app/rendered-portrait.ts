import type { Page } from 'playwright'
import { VERA } from '../../workers/demo-head/character'
import { renderPortrait } from '../../workers/demo-head/portrait'
import { canonicalFace } from './face-pattern'

/** The demo character Vera as a PNG of 640 × 640; the page encodes it. */
export async function renderedPortrait(page: Page): Promise<Buffer> {
  const { data, width, height } = renderPortrait(canonicalFace(), VERA, 640)
  const base64 = await page.evaluate(
    async ([pixels, w, h]) => {
      const canvas = new OffscreenCanvas(w, h)
      const bytes = Uint8ClampedArray.from(atob(pixels), (c) => c.charCodeAt(0))
      canvas.getContext('2d')?.putImageData(new ImageData(bytes, w, h), 0, 0)
      const png = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())
      let binary = ''
      for (const byte of png) binary += String.fromCharCode(byte)
      return btoa(binary)
    },
    [Buffer.from(data.buffer).toString('base64'), width, height] as const,
  )
  return Buffer.from(base64, 'base64')
}

import type { Pixels } from '../../models/pixels'

/**
 * Floats per vertex of a layer, in this order:
 *
 * | 0,1 | position      | px of the frame
 * | 2,3 | source        | px of the texture
 * | 4,5 | own           | px of the frame: where the target's own picture of this point is
 * | 6–8 | gain          | what the source's colour is multiplied by, R G B
 * | 9   | matte         | ramp; clamped to 0..1 and smoothstepped per pixel
 * | 10  | ownness       | ramp; 1 shows the target's own pixel, 0 the source's; clamped and smoothstepped per pixel
 * | 11  | (unused)      | keeps a vertex at 48 bytes
 *
 * All are interpolated linearly over a triangle. With s(x) = smoothstep(0, 1, x), one pixel is
 *
 *     skin = clamp(texture(source) · gain, 0, 1)
 *     face = mix(skin, plate(own), s(ownness))
 *     out  = mix(plate(pixel), face, s(matte) · opacity)
 *
 * where texture() and plate() are bilinear with the edge repeated (texel centres at .5) and colours are sRGB values
 * as stored: no linearisation. Later triangles overwrite earlier ones; they do not add up.
 */
export const VERTEX_FLOATS = 12

/** One face to lay over the frame. Whoever made it may reuse the arrays for the next frame. */
export interface Layer {
  readonly vertices: Float32Array<ArrayBuffer>
  /** Three vertex numbers each, back to front, hidden ones left out. */
  readonly triangles: Uint16Array<ArrayBuffer>
  /** The source's face. The same object as long as its pixels are the same, so that it is uploaded once. */
  readonly texture: Pixels
  readonly opacity: number // 0..1
}

/** What is drawn over the finished picture, or decides how it is shown. */
export interface Overlay {
  /** Hides the whole plate behind a coarse mosaic (about 24 blocks across): the face to hide was lost, so it may be anywhere. */
  readonly veil: boolean
  /** Left and right exchanged, as in a mirror. */
  readonly mirror: boolean
  /** Left of this share of the shown width the plate stays as it was; undefined shows the result everywhere. */
  readonly split: number | undefined
  /** Landmarks (468 × x, y, z, px of the frame) of the meshes to draw as lines; empty for none. */
  readonly meshes: readonly Float32Array[]
  /** The "AI-modified" badge, drawn in a corner and never mirrored. Its owner closes it. */
  readonly badge: { readonly image: ImageBitmap; readonly corner: Corner } | undefined
}

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right'

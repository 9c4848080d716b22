import type { CanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { paintBackdrop } from './backdrop'
import { createBeard } from './beard'
import { createBody } from './body'
import { drawBrows } from './brows'
import type { HeadCharacter } from './character'
import { createEars } from './ears'
import { express, expressionFields } from './expression'
import { LEFT_EYE, RIGHT_EYE } from './face-rings'
import { createHair } from './hair'
import { CONTROLS, FACE_POINTS, headControls, headMesh } from './head-mesh'
import { createLashes } from './lashes'
import { lightTable } from './lighting'
import { skinMaterial } from './materials'
import type { HeadPose } from './motion'
import { eyeOpening, mouthOpening } from './openings'
import { restFace } from './proportions'
import { rasterise, STRIDE, type Target } from './raster'
import { paintSkin } from './skin-texture'
import { smoothEdges } from './strokes'
import { createSurface } from './surface'
import { textureMap } from './texture-map'
import { CAMERA_CM, lensFor, placeHead } from './view'

/** Indices below are in range by construction. */

export interface RenderedHead {
  /** Overwritten by the next frame. */
  readonly pixels: Pixels
  /**
   * Where the 468 points of the face mesh really are: x, y in px of the picture; z is depth from the points' mean,
   * smaller is nearer, on the scale of x. Overwritten likewise.
   */
  readonly landmarks: Float32Array<ArrayBuffer>
}

export interface HeadRenderer {
  render(pose: HeadPose): RenderedHead
}

export interface PictureSettings {
  readonly width: number // px
  readonly height: number
  /** Side of the skin's texture, px. */
  readonly texture: number
  /** Above 1 shows less of the scene, around the head. */
  readonly tight: number
  /** How many strands of hair, 1 for a live picture. */
  readonly fullness: number
}

/** For 640 × 480 and thereabouts, in real time. */
export const livePicture = (width: number, height: number): PictureSettings => ({
  width,
  height,
  texture: 512,
  tight: 1.1,
  fullness: 1,
})

/** Builds and paints a character once (some tenths of a second), then draws it in any pose. */
export function createHeadRenderer(
  canonical: CanonicalFace,
  character: HeadCharacter,
  { width, height, texture, tight, fullness }: PictureSettings,
): HeadRenderer {
  const light = lightTable()
  const mesh = headMesh(canonical)
  const rest = headControls(restFace(canonical, character))
  const fields = expressionFields(rest, mesh.controlTriangles)
  const surface = createSurface(mesh, texture)
  const skinTexture = paintSkin(character, textureMap(canonical, mesh, texture), texture)
  drawBrows(skinTexture, mesh, character)
  const skin = skinMaterial(skinTexture, light)
  const body = createBody(character, light)
  // Ears take their colour from a cheek.
  const ears = createEars(rest, { x: 0.3 * texture, y: 0.53 * texture, reach: 0.02 * texture }, character)
  const openings = [
    eyeOpening(RIGHT_EYE, character, rest, light),
    eyeOpening(LEFT_EYE, character, rest, light),
    mouthOpening(rest),
  ]
  const hair = createHair(character, rest, mesh.controlTriangles, light, fullness)
  const lashes = createLashes(character)
  const average = headControls(canonical.positions)
  const beard = createBeard(character, average, mesh.controlTriangles, light, Math.round(1500 * fullness))

  const backdrop = paintBackdrop(width, height)
  const pixels = createPixels(width, height)
  const colour = new Uint32Array(pixels.data.buffer)
  const target: Target = { width, height, colour, depth: new Float32Array(width * height) }
  const lens = lensFor(width, height, tight)
  const controls = new Float32Array(3 * CONTROLS)
  const landmarks = new Float32Array(3 * FACE_POINTS)

  function readLandmarks(): void {
    let mean = 0
    for (let i = 0; i < FACE_POINTS; i++) mean += (surface.positions[3 * i + 2] as number) / FACE_POINTS
    const scale = lens.focal / (CAMERA_CM - mean)
    for (let i = 0; i < FACE_POINTS; i++) {
      landmarks[3 * i] = surface.vertices[i * STRIDE] as number
      landmarks[3 * i + 1] = surface.vertices[i * STRIDE + 1] as number
      landmarks[3 * i + 2] = (mean - (surface.positions[3 * i + 2] as number)) * scale
    }
  }

  return {
    render(pose) {
      const placement = placeHead(pose)
      express(rest, fields, pose.expression, controls)
      surface.pose(controls, placement, lens)
      body.pose(placement, lens)
      ears.pose(placement, lens)
      hair.pose(placement, lens)
      colour.set(backdrop)
      target.depth.fill(-1e9)
      // The head first: what it hides is then not worked out.
      rasterise(target, surface.vertices, mesh.triangles, skin, 'front')
      rasterise(target, ears.vertices, ears.triangles, skin, 'both')
      for (const { vertices, triangles, material } of body.parts) {
        rasterise(target, vertices, triangles, material, 'both')
      }
      for (const opening of openings) {
        opening.update(surface.vertices, controls, pose)
        rasterise(target, opening.vertices, opening.triangles, opening.material, 'both')
      }
      for (const { vertices, triangles, sides } of hair.sheets) {
        rasterise(target, vertices, triangles, hair.material, sides)
      }
      smoothEdges(target, 0.3)
      lashes.draw(target, surface.positions, pose, placement, lens)
      beard?.draw(target, surface.positions, surface.normals, placement, lens)
      hair.drawStrands(target)
      readLandmarks()
      return { pixels, landmarks }
    },
  }
}

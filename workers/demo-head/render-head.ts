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
import { skinMaterial, tileMaterial } from './materials'
import { AT_REST, type HeadPose, headPose } from './motion'
import { eyeOpening, mouthOpening } from './openings'
import { restFace } from './proportions'
import { rasterise, type Target } from './raster'
import { paintSkin } from './skin-texture'
import { smoothEdges } from './strokes'
import { createSurface } from './surface'
import { textureMap } from './texture-map'
import { CAMERA_CM, lensFor, placeHead } from './view'

export interface RenderedHead {
  /** Overwritten by the next frame. */
  readonly pixels: Pixels
  /** 468 × (x, y, z) in px of the picture; z is depth, smaller is nearer, on the scale of x. Overwritten likewise. */
  readonly landmarks: Float32Array<ArrayBuffer>
}

export interface HeadRenderer {
  render(pose: HeadPose): RenderedHead
}

export interface PictureSettings {
  readonly width: number
  readonly height: number
  /** Texture side, px. */
  readonly texture: number
  /** Above 1 shows less of the scene. */
  readonly tight: number
  /** How many strands of hair: 1 for a live picture. */
  readonly fullness: number
}

export function createHeadRenderer(
  canonical: CanonicalFace,
  character: HeadCharacter,
  { width, height, texture, tight, fullness }: PictureSettings,
): HeadRenderer {
  const mesh = headMesh(canonical)
  const rest = headControls(restFace(canonical, character))
  const fields = expressionFields(rest, mesh.controlTriangles)
  const light = lightTable()
  const skinTexture = paintSkin(character, textureMap(canonical, mesh, texture), texture)
  drawBrows(skinTexture, canonical, mesh, character)
  const skin = skinMaterial(skinTexture, light)
  const body = createBody(character, light)
  const bodyMaterials = body.parts.map((part) => tileMaterial(part.texture))
  const ears = createEars(rest, { x: 0.3 * texture, y: 0.53 * texture, reach: 0.02 * texture }, character)
  const hair = createHair(character, rest, mesh.controlTriangles, light, fullness)
  const hairMaterial = tileMaterial(hair.texture)
  const lashes = createLashes(character)
  const average = headControls(canonical.positions)
  const beard = createBeard(character, average, mesh.controlTriangles, light, Math.round(1500 * fullness))
  const backdrop = paintBackdrop(width, height)
  const surface = createSurface(mesh, texture)
  const openings = [
    eyeOpening(RIGHT_EYE, character, rest, light),
    eyeOpening(LEFT_EYE, character, rest, light),
    mouthOpening(rest),
  ]
  const pixels = createPixels(width, height)
  const target: Target = {
    width,
    height,
    colour: new Uint32Array(pixels.data.buffer),
    depth: new Float32Array(width * height),
  }
  const lens = lensFor(width, height, tight)
  const controls = new Float32Array(3 * CONTROLS)
  const landmarks = new Float32Array(3 * FACE_POINTS)
  return {
    render(pose) {
      const placement = placeHead(pose)
      express(rest, fields, pose.expression, controls)
      surface.pose(controls, placement, lens)
      target.colour.set(backdrop)
      target.depth.fill(-1e9)
      rasterise(target, surface.vertices, mesh.triangles, skin, 'front')
      body.pose(placement, lens)
      body.parts.forEach((part, i) => {
        rasterise(
          target,
          part.vertices,
          part.triangles,
          bodyMaterials[i] as (typeof bodyMaterials)[0],
          'both',
        )
      })
      ears.pose(placement, lens)
      rasterise(target, ears.vertices, ears.triangles, skin, 'both')
      for (const opening of openings) {
        opening.update(surface.vertices, controls, pose)
        rasterise(target, opening.vertices, opening.triangles, opening.material, 'both')
      }
      hair.pose(placement, lens)
      for (const sheet of hair.sheets)
        rasterise(target, sheet.vertices, sheet.triangles, hairMaterial, 'both')
      smoothEdges(target, 0.3)
      lashes.draw(target, surface.positions, pose, placement, lens)
      beard?.draw(target, surface.positions, surface.normals, placement, lens)
      hair.drawStrands(target)
      const scale = lens.focal / (CAMERA_CM - (placement.t[2] as number))
      for (let i = 0; i < FACE_POINTS; i++) {
        landmarks[3 * i] = surface.vertices[i * 10] as number
        landmarks[3 * i + 1] = surface.vertices[i * 10 + 1] as number
        landmarks[3 * i + 2] = -((surface.positions[3 * i + 2] as number) - placement.t[2]) * scale
      }
      return { pixels, landmarks }
    },
  }
}

export { AT_REST, headPose }

/** How far the source covers the target at every point, and where the target's own eyes and mouth show through. */
import type { SkinColours } from './skin-colours'
import { POINTS, type Topology } from './topology'

/** cm from the outline to where the source begins, and the width of the soft edge at softness 0 and 1. */
const EROSION = 0.15
const NARROWEST = 0.4
const WIDEST = 3.6

export const ramp = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)))

/**
 * In front of the ears, where a picture's cheek ends in hair, ear and earring, the source must face its camera by this much more.
 * 0.2 leaves no trace of them but costs 0.03 of identity.
 */
const EDGE_ON = 0.05
const besideEar = ({ head }: Topology, i: number): number =>
  ramp(Math.abs(head[3 * i] as number), 4.5, 6) * ramp(head[3 * i + 1] as number, -4, -2)

/** One side of a swap as the matte needs it: what hangs into the face, and which way its surface looks. */
export interface Side {
  readonly skin: SkinColours
  readonly facing: Float32Array
}

/**
 * Fills `matte` (POINTS), a ramp as in layer.ts: from the outline inwards over a width that grows with `softness` (0..1);
 * lower where hair or shadow lies over either face and where either surface turns away from its camera.
 */
export function fillMatte(
  topology: Topology,
  source: Side,
  target: Side,
  softness: number,
  matte: Float32Array,
): void {
  // Indices are in range by construction.
  const width = NARROWEST + (WIDEST - NARROWEST) * softness
  for (let i = 0; i < POINTS; i++) {
    const edge = ((topology.toOutline[i] as number) - EROSION) / width
    const seen =
      ramp(target.facing[i] as number, 0.08, 0.35) *
      ramp((source.facing[i] as number) - EDGE_ON * besideEar(topology, i), 0.08, 0.28) *
      (1 - (source.skin.foreign[i] as number)) *
      (1 - (target.skin.foreign[i] as number))
    matte[i] = Math.max(-0.5, Math.min(1, edge)) * seen
  }
}

/** Whose lips are shown; `agape`: the target's, because the source's are too far apart to fit. */
export type Mouth = 'source' | 'own' | 'agape'

/** cm over which the target's own picture gives way to the source's around an opening. */
const EYE_FEATHER = 0.2
const MOUTH_FEATHER = 0.25
const LIPS_FEATHER = 0.7
/** The same below the lips: a moving lower lip takes the chin along; and a source's lip may lie on its chin's points. */
const CHIN_FEATHER = 1.8
const AGAPE_FEATHER = 4
/** Ramp values: on the rim of an opening (half shows), and in its middle, so that it is all own just inside. */
const EYE_RIM = -1
const MOUTH_RIM = 0.3
export const MIDDLE = 3
export const NONE = -2

/**
 * The ramp of ownness per point, as in layer.ts. Within an open mouth all is always own; the lips are the source's or `own`;
 * with a source that is `agape` so is the chin.
 */
export function ownnessOf(topology: Topology, ownEyes: boolean, mouth: Mouth): Float32Array {
  const lips = lipsOwnnessOf(topology, mouth)
  const { toEyes, toMouth } = topology
  return Float32Array.from({ length: POINTS }, (_, i) => {
    const eyes = ownEyes ? EYE_RIM - (toEyes[i] as number) / EYE_FEATHER : NONE
    const opening = MOUTH_RIM - (toMouth[i] as number) / MOUTH_FEATHER
    return Math.max(NONE, eyes, opening, lips[i] as number)
  })
}

/** The part of it that is lips and chin: there skin meets skin, and the source's must take on the target's colour. */
export function lipsOwnnessOf({ head, toLips }: Topology, mouth: Mouth): Float32Array {
  const below = mouth === 'agape' ? AGAPE_FEATHER : CHIN_FEATHER
  return Float32Array.from({ length: POINTS }, (_, i) => {
    if (mouth === 'source') return NONE
    const feather = (head[3 * i + 1] as number) > 4.5 ? below : LIPS_FEATHER
    return Math.max(NONE, 1.2 - (toLips[i] as number) / feather)
  })
}

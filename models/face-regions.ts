/**
 * Which of the mesh's 468 points are which part of the face. Left and right are the person's own: the left eye is at
 * the right of a picture that is not mirrored. Rings are closed and in order.
 */

// Indices below are in range by construction.

export type Ring = readonly number[]

export const NOSE_TIP = 1
export const CHIN = 152
export const FOREHEAD = 10
export const LEFT_EYE_OUTER_CORNER = 263
export const RIGHT_EYE_OUTER_CORNER = 33
export const LEFT_MOUTH_CORNER = 291
export const RIGHT_MOUTH_CORNER = 61

/** The mesh's rim, from the forehead by the person's left down to the chin and up again. */
export const FACE_OVAL: Ring = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]

/** The rims of the eyes' openings: outer corner, lower lid, inner corner, upper lid. */
export const LEFT_EYE: Ring = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
export const RIGHT_EYE: Ring = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]

/** The rim of the mouth's opening: right corner, lower lip, left corner, upper lip. */
export const INNER_LIPS: Ring = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
]
export const OUTER_LIPS: Ring = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
]

/** Outer end, lower edge, inner end, upper edge. */
export const LEFT_BROW: Ring = [276, 283, 282, 295, 285, 336, 296, 334, 293, 300]
export const RIGHT_BROW: Ring = [46, 53, 52, 65, 55, 107, 66, 105, 63, 70]

/** Triangles (three point numbers each) by what they cover. */
export interface TriangleRegions {
  readonly skin: Uint16Array<ArrayBuffer>
  readonly leftEye: Uint16Array<ArrayBuffer>
  readonly rightEye: Uint16Array<ArrayBuffer>
  readonly mouth: Uint16Array<ArrayBuffer>
}

/** A triangle whose three corners lie on the rim of an opening is in that opening; all others are skin. */
export function splitTriangles(triangles: Uint16Array): TriangleRegions {
  const openings = [LEFT_EYE, RIGHT_EYE, INNER_LIPS].map((ring) => new Set(ring))
  const parts: number[][] = [[], [], [], []]
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [...triangles.subarray(i, i + 3)]
    const opening = openings.findIndex((ring) => corners.every((corner) => ring.has(corner)))
    parts[opening + 1]?.push(...corners)
  }
  const [skin, leftEye, rightEye, mouth] = parts.map((part) => Uint16Array.from(part))
  const none = new Uint16Array()
  return { skin: skin ?? none, leftEye: leftEye ?? none, rightEye: rightEye ?? none, mouth: mouth ?? none }
}

/** For each point the points it shares an edge with, in no particular order. */
export function neighbours(triangles: Uint16Array, points: number): readonly (readonly number[])[] {
  const sets = Array.from({ length: points }, () => new Set<number>())
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [...triangles.subarray(i, i + 3)]
    for (const a of corners) for (const b of corners) if (a !== b) sets[a]?.add(b)
  }
  return sets.map((set) => [...set])
}

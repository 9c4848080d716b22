/** Named rows of vertices of the 468-point mesh. "Right" is the person's own right: the left side of the picture. */

/** The face's outline, clockwise in the picture from the top of the forehead. */
export const OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]

/** Rows of the upper lip from corner to corner (picture left to right), from its outer edge to its inner one. */
export const UPPER_LIP: readonly (readonly number[])[] = [
  [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291],
  [76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306],
  [62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292],
  [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308],
]

/** The same for the lower lip; the corners are those of the upper one. */
export const LOWER_LIP: readonly (readonly number[])[] = [
  [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291],
  [76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306],
  [62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292],
  [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308],
]

/** The mouth's opening as a closed loop, clockwise in the picture from the left corner. */
export const INNER_LIPS: readonly number[] = [
  ...(UPPER_LIP[3] ?? []),
  ...(LOWER_LIP[3] ?? []).slice(1, -1).reverse(),
]

/** One eye: rows from the outer corner to the inner one. The first and last of `upper` and `lower` are the corners. */
export interface EyeRows {
  readonly upper: readonly number[]
  readonly lower: readonly number[]
  /** The next row outwards: the crease over the upper lid, the edge of the lower one; corners left out. */
  readonly crease: readonly number[]
  readonly bag: readonly number[]
}
export const RIGHT_EYE: EyeRows = {
  upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
  lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
  crease: [247, 30, 29, 27, 28, 56, 190],
  bag: [25, 110, 24, 23, 22, 26, 112],
}
export const LEFT_EYE: EyeRows = {
  upper: [263, 466, 388, 387, 386, 385, 384, 398, 362],
  lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
  crease: [467, 260, 259, 257, 258, 286, 414],
  bag: [255, 339, 254, 253, 252, 256, 341],
}

/** Brows from the temple to the nose, upper row then lower row. */
export const RIGHT_BROW = { upper: [70, 63, 105, 66, 107], lower: [46, 53, 52, 65, 55] } as const
export const LEFT_BROW = { upper: [300, 293, 334, 296, 336], lower: [276, 283, 282, 295, 285] } as const

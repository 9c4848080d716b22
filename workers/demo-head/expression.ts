import { LEFT_BROW, LEFT_EYE, LOWER_LIP, OVAL, RIGHT_BROW, RIGHT_EYE, UPPER_LIP } from './face-rings'
import { CONTROLS, FACE_POINTS, RINGS, ringVertex } from './head-mesh'
import { MOUTH_Y } from './proportions'
import { solveField } from './surface-field'

/** What a face does. 0 is at rest. */
export interface Expression {
  /** How far the jaw is down at the lower lip, cm. */
  readonly jaw: number
  /** Lips spread (positive) or rounded (negative), −1..1. */
  readonly wide: number
  readonly smile: number // 0..1
  /** 0 open, 1 closed. */
  readonly blinkRight: number
  readonly blinkLeft: number
  readonly brows: number // −1..1, up is positive
}

/** Displacements of all control vertices for one unit of each part of an expression; 3 floats per vertex, cm. */
export type ExpressionFields = Readonly<Record<keyof Expression, Float32Array>>

type Moves = Map<number, readonly [x: number, y: number, z: number]>

/** For a head at rest: what each part of an expression moves, and how far. */
export function expressionFields(rest: Float32Array, triangles: Uint16Array): ExpressionFields {
  const spread = (moves: Moves): Float32Array => {
    const result = new Float32Array(3 * CONTROLS)
    for (let axis = 0; axis < 3; axis++) {
      const fixed = new Map([...moves].map(([vertex, move]) => [vertex, move[axis] as number]))
      const field = solveField(CONTROLS, triangles, fixed)
      for (let v = 0; v < CONTROLS; v++) result[3 * v + axis] = field[v] as number
    }
    return result
  }
  return {
    jaw: spread(jawMoves(rest)),
    wide: spread(cornerMoves(rest, [0.42, 0.04, -0.25], [0, 0, -0.28])),
    smile: spread(cornerMoves(rest, [0.42, 0.38, -0.22], [0, 0.08, -0.1])),
    blinkRight: spread(blinkMoves(rest, RIGHT_EYE)),
    blinkLeft: spread(blinkMoves(rest, LEFT_EYE)),
    brows: spread(browMoves(rest)),
  }
}

const coordinate = (points: Float32Array, vertex: number, axis: number): number =>
  points[3 * vertex + axis] as number

function still(rest: Float32Array, where: (x: number, y: number, z: number) => boolean): Moves {
  const moves: Moves = new Map()
  for (let v = 0; v < FACE_POINTS; v++) {
    if (where(coordinate(rest, v, 0), coordinate(rest, v, 1), coordinate(rest, v, 2))) moves.set(v, [0, 0, 0])
  }
  for (const v of OVAL) moves.set(v, [0, 0, 0])
  for (let ring = 0; ring < RINGS; ring++) {
    for (let k = 0; k < OVAL.length; k++) moves.set(ringVertex(ring, k), [0, 0, 0])
  }
  return moves
}

function jawMoves(rest: Float32Array): Moves {
  const moves = still(rest, (_, y) => y > -2.2)
  const down = (share: number): [number, number, number] => [0, -share, -0.3 * share]
  for (let v = 0; v < FACE_POINTS; v++) {
    const x = Math.abs(coordinate(rest, v, 0))
    const y = coordinate(rest, v, 1)
    if (y < -6.2 && x < 3) moves.set(v, down(1))
  }
  const corner = Math.abs(coordinate(rest, 61, 0))
  UPPER_LIP.forEach((row, r) => {
    for (const v of row.slice(1, -1)) {
      const x = Math.abs(coordinate(rest, v, 0)) / corner
      moves.set(v, down(0.3 * x ** 4 + (r === 3 ? -0.03 : 0)))
    }
  })
  LOWER_LIP.forEach((row) => {
    for (const v of row) {
      const x = Math.min(1, Math.abs(coordinate(rest, v, 0)) / corner)
      moves.set(v, down(1 - 0.6 * x ** 3))
    }
  })
  // The outline turns about the hinge in front of the ear.
  OVAL.forEach((v, k) => {
    const height = coordinate(rest, v, 1)
    const share = height > -1 ? 0 : Math.min(1, ((-1 - height) / 6.5) ** 1.3)
    moves.set(v, down(share))
    for (let ring = 0; ring < RINGS; ring++)
      moves.set(ringVertex(ring, k), down(share * (1 - (ring + 1) / RINGS) ** 2))
  })
  return moves
}

/** Moves the corners of the mouth outwards, up and forward, and the middle of the lips. */
function cornerMoves(
  rest: Float32Array,
  corners: readonly [number, number, number],
  middle: readonly [number, number, number],
): Moves {
  const moves = still(rest, (x, y) => y > 1 || y < -8 || (Math.abs(x) < 1 && y > -2.4))
  const width = Math.abs(coordinate(rest, 61, 0))
  for (const row of [...UPPER_LIP, ...LOWER_LIP]) {
    for (const v of row) {
      const x = coordinate(rest, v, 0) / width
      const share = Math.min(1, Math.abs(x)) ** 1.3
      const side = Math.sign(x)
      moves.set(v, [
        side * share * corners[0],
        corners[1] * share ** 2 + middle[1] * (1 - share),
        corners[2] * share + middle[2] * (1 - share) * (coordinate(rest, v, 1) > MOUTH_Y ? 1 : 0.8),
      ])
    }
  }
  return moves
}

function blinkMoves(rest: Float32Array, eye: typeof RIGHT_EYE): Moves {
  const moves = still(rest, () => false)
  const around = new Set([...eye.crease, ...eye.bag])
  for (let v = 0; v < FACE_POINTS; v++) {
    const far = Math.hypot(
      coordinate(rest, v, 0) - coordinate(rest, eye.upper[4] as number, 0),
      coordinate(rest, v, 1) - coordinate(rest, eye.lower[4] as number, 1),
    )
    if (far > 1.9 && !around.has(v)) moves.set(v, [0, 0, 0])
  }
  eye.upper.forEach((top, k) => {
    const bottom = eye.lower[k] as number
    const inside = k > 0 && k < eye.upper.length - 1
    const gap = [0, 1, 2].map((axis) => coordinate(rest, top, axis) - coordinate(rest, bottom, axis))
    const [gx, gy, gz] = gap as [number, number, number]
    const low = 0.1
    moves.set(top, inside ? [gx * (low - 1), gy * (low - 1), gz * (low - 1) + 0.06] : [0, 0, 0])
    moves.set(bottom, inside ? [gx * low, gy * low, gz * low + 0.06] : [0, 0, 0])
    const crease = eye.crease[k - 1]
    if (crease !== undefined) moves.set(crease, [0, -0.3 * gy, 0.03])
    const bag = eye.bag[k - 1]
    if (bag !== undefined) moves.set(bag, [0, 0.06 * gy, 0])
  })
  return moves
}

function browMoves(rest: Float32Array): Moves {
  const moves = still(rest, (x, y) => y < 3.3 || (y > 7.6 && Math.abs(x) < 9))
  for (const brow of [RIGHT_BROW, LEFT_BROW]) {
    for (const v of brow.upper) moves.set(v, [0, 0.5, -0.05])
    for (const v of brow.lower) moves.set(v, [0, 0.42, -0.03])
  }
  return moves
}

/** Adds an expression to a head at rest. `out` is as long as `rest`. */
export function express(
  rest: Float32Array,
  fields: ExpressionFields,
  expression: Expression,
  out: Float32Array,
): void {
  out.set(rest)
  for (const part of Object.keys(fields) as (keyof Expression)[]) {
    const amount = expression[part]
    if (amount === 0) continue
    const field = fields[part]
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + amount * (field[i] as number)
  }
}

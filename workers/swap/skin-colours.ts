/**
 * The skin's colour all over a face, without its features: what light and complexion make of it. Seen at the points of
 * the mesh in a small, blurred crop, carried on smoothly over eyes, brows, lips and whatever hangs into the face.
 *
 * Indices are in range by construction, hence the casts.
 */
import { type Affine, applyX, applyY } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import { Complexion } from './complexion'
import { smoothOverMesh } from './field'
import { rgbToLab } from './lab'
import { POINTS, type Topology } from './topology'

const CELLS = 48 // the crop is averaged down to this many cells a side
const blurred = new Float32Array(CELLS * CELLS * 3)
const rough = new Float32Array(CELLS * CELLS * 3)
const seen = new Float32Array(3 * POINTS)
const trust = new Float32Array(POINTS)
const visible = new Float32Array(POINTS)
const covered = new Float32Array(POINTS)
const raw = new Float32Array(3 * POINTS) // the same, sharper and not moved inwards
const lab = [0, 0, 0]
const around = [0, 0, 0]

/** Difference (ΔE) to the skin expected from where on a point may be covered by something else; at twice that it surely is. */
const TOLERANCE = 22

/** Colours change this fast at most: quick enough for a lamp, too slow for noise. */
const MEMORY_MS = 300

/** What a SkinColours remembers, as plain data. */
export interface SkinMemory {
  readonly colours: Float32Array
  readonly foreign: Float32Array
  readonly mean: Float32Array
  readonly deviation: Float32Array
  readonly now: Float32Array
  readonly cover: Float32Array
  readonly lastMs: number
}

export class SkinColours {
  /** RGB 0..255 at every point. */
  readonly colours = new Float32Array(3 * POINTS)
  /** 0..1: how surely something other than skin (hair, hat, hard shadow) covers the point. Only near the outline. */
  readonly foreign = new Float32Array(POINTS)
  /** Lab mean and deviation over the skin. */
  readonly mean = new Float32Array(3)
  readonly deviation = new Float32Array(3)
  readonly #now = new Float32Array(3 * POINTS)
  readonly #complexion = new Complexion()
  readonly #cover = new Float32Array(POINTS)
  #lastMs = Number.NEGATIVE_INFINITY

  /**
   * Takes in a picture: `crop` shows the face whole, `landmarks` (x, y, z of a frame) reach it through `frameToCrop`;
   * `facing` (POINTS) is 1 where the surface looks at the camera, 0 where it turns away.
   */
  see(
    crop: Pixels,
    frameToCrop: Affine,
    landmarks: Float32Array,
    facing: Float32Array,
    timestampMs: number,
    topology: Topology,
  ): void {
    shrink(crop)
    const first = this.#lastMs === Number.NEGATIVE_INFINITY
    const elapsed = Math.max(0, timestampMs - this.#lastMs)
    const share = first ? 1 : 1 - Math.exp(-elapsed / MEMORY_MS)
    this.#lastMs = timestampMs
    look(frameToCrop, crop.width, landmarks, topology)

    for (let i = 0; i < POINTS; i++) {
      visible[i] =
        (topology.skin[i] as number) * Math.max(0, Math.min(1, ((facing[i] as number) - 0.15) / 0.35))
    }
    this.#complexion.fit(seen, visible, topology)
    for (let i = 0; i < POINTS; i++) {
      const off = this.#complexion.difference(seen, i, topology) / (1.5 * TOLERANCE)
      // Well inside the face it is skin whatever its colour: there a hard shadow is light to be matched.
      trust[i] = (visible[i] as number) * (1 - nearEdge(topology, i) * (1 - Math.exp(-off * off)))
    }
    const rounds = first ? 60 : 4
    if (first) {
      const start = meanOf(seen, trust)
      for (let i = 0; i < 3 * POINTS; i++) this.#now[i] = start[i % 3] as number
    }
    smoothOverMesh(this.#now, seen, trust, 3, 0.1, rounds, topology)
    for (let i = 0; i < 3 * POINTS; i++) {
      const before = this.colours[i] as number
      this.colours[i] = before + share * ((this.#now[i] as number) - before)
    }
    measure(this.colours, topology.skin, this.mean, this.deviation)
    this.#findForeign(share, rounds, topology)
  }

  save(): SkinMemory {
    return {
      colours: this.colours.slice(),
      foreign: this.foreign.slice(),
      mean: this.mean.slice(),
      deviation: this.deviation.slice(),
      now: this.#now.slice(),
      cover: this.#cover.slice(),
      lastMs: this.#lastMs,
    }
  }

  restore({ colours, foreign, mean, deviation, now, cover, lastMs }: SkinMemory): void {
    this.colours.set(colours)
    this.foreign.set(foreign)
    this.mean.set(mean)
    this.deviation.set(deviation)
    this.#now.set(now)
    this.#cover.set(cover)
    this.#lastMs = lastMs
  }

  #findForeign(share: number, rounds: number, topology: Topology): void {
    for (let i = 0; i < POINTS; i++) {
      rgbToLab(raw, 3 * i, lab, 0)
      rgbToLab(this.colours, 3 * i, around, 0)
      const [l, a, b] = lab as [number, number, number]
      const [L, A, B] = around as [number, number, number]
      const difference = Math.max(
        Math.hypot(l - L, a - A, b - B),
        this.#complexion.difference(raw, i, topology),
      )
      const foreign = (difference - TOLERANCE) / TOLERANCE
      covered[i] = Math.max(0, Math.min(1, foreign))
    }
    smoothOverMesh(this.#cover, covered, topology.skin, 1, 0.3, rounds, topology)
    for (let i = 0; i < POINTS; i++) {
      // Soft steps: a point half covered is better left out.
      const cover = Math.max(0, Math.min(1, ((this.#cover[i] as number) - 0.1) / 0.5)) * nearEdge(topology, i)
      const before = this.foreign[i] as number
      this.foreign[i] = before + share * (cover - before)
    }
  }
}

/** The crop as CELLS × CELLS means, blurred once more by a 3 × 3 binomial, into `blurred`. */
function shrink({ width, height, data }: Pixels): void {
  const stepX = width / CELLS
  const stepY = height / CELLS
  for (let cy = 0; cy < CELLS; cy++) {
    const top = Math.floor(cy * stepY)
    const bottom = Math.max(top + 1, Math.floor((cy + 1) * stepY))
    for (let cx = 0; cx < CELLS; cx++) {
      const left = Math.floor(cx * stepX)
      const right = Math.max(left + 1, Math.floor((cx + 1) * stepX))
      let r = 0
      let g = 0
      let b = 0
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = (y * width + x) * 4
          r += data[at] as number
          g += data[at + 1] as number
          b += data[at + 2] as number
        }
      }
      const count = (bottom - top) * (right - left)
      const to = (cy * CELLS + cx) * 3
      rough[to] = r / count
      rough[to + 1] = g / count
      rough[to + 2] = b / count
    }
  }
  const clamp = (i: number) => Math.max(0, Math.min(CELLS - 1, i))
  for (let y = 0; y < CELLS; y++) {
    const rows = [clamp(y - 1) * CELLS, y * CELLS, clamp(y + 1) * CELLS] as const
    for (let x = 0; x < CELLS; x++) {
      const left = clamp(x - 1)
      const right = clamp(x + 1)
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let k = 0; k < 3; k++) {
          const row = rows[k as 0 | 1 | 2]
          const across =
            (rough[(row + left) * 3 + c] as number) +
            2 * (rough[(row + x) * 3 + c] as number) +
            (rough[(row + right) * 3 + c] as number)
          sum += k === 1 ? 2 * across : across
        }
        blurred[(y * CELLS + x) * 3 + c] = sum / 16
      }
    }
  }
}

/** Where things hang into a face, 0..1: over the forehead, in front of the ears, and along the outline. */
function nearEdge({ head, toOutline, toBrows }: Topology, i: number): number {
  const reach = (head[3 * i + 1] as number) < -4 ? 5 : 3.5 // cm; above the brows hair may come far in
  const outline = (reach - (toOutline[i] as number)) / 1.5
  const side = Math.abs(head[3 * i] as number) - 5.2
  const clear = Math.min(1, (toBrows[i] as number) / 0.75) // a brow makes the person: it stays
  return clear * Math.max(0, Math.min(1, Math.max(outline, side)))
}

/**
 * Reads the shrunk crop at every point: `raw` as it is, `seen` blurred and near the outline a little further in, where no
 * background is mixed in.
 */
function look(frameToCrop: Affine, cropSize: number, landmarks: Float32Array, { toOutline }: Topology): void {
  const scale = CELLS / cropSize
  const middleX = applyX(frameToCrop, landmarks[15] as number, landmarks[16] as number) // point 5, the nose's ridge
  const middleY = applyY(frameToCrop, landmarks[15] as number, landmarks[16] as number)
  for (let i = 0; i < POINTS; i++) {
    const px = landmarks[3 * i] as number
    const py = landmarks[3 * i + 1] as number
    const inwards = 0.1 * Math.max(0, 1 - (toOutline[i] as number) / 1.5)
    const x = applyX(frameToCrop, px, py)
    const y = applyY(frameToCrop, px, py)
    readCell(rough, x * scale, y * scale, raw, 3 * i)
    readCell(
      blurred,
      (x + inwards * (middleX - x)) * scale,
      (y + inwards * (middleY - y)) * scale,
      seen,
      3 * i,
    )
  }
}

/** Bilinear; cell centres at .5. */
function readCell(cells: Float32Array, u: number, v: number, out: Float32Array, to: number): void {
  const x = Math.max(0, Math.min(CELLS - 1.001, u - 0.5))
  const y = Math.max(0, Math.min(CELLS - 1.001, v - 0.5))
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const p = (iy * CELLS + ix) * 3
  const q = p + CELLS * 3
  for (let c = 0; c < 3; c++) {
    const top = (cells[p + c] as number) * (1 - fx) + (cells[p + 3 + c] as number) * fx
    const bottom = (cells[q + c] as number) * (1 - fx) + (cells[q + 3 + c] as number) * fx
    out[to + c] = top + (bottom - top) * fy
  }
}

function meanOf(colours: Float32Array, weights: Float32Array): readonly [number, number, number] {
  let [r, g, b, total] = [0, 0, 0, 1e-6]
  for (let i = 0; i < POINTS; i++) {
    const weight = weights[i] as number
    total += weight
    r += weight * (colours[3 * i] as number)
    g += weight * (colours[3 * i + 1] as number)
    b += weight * (colours[3 * i + 2] as number)
  }
  return [r / total, g / total, b / total]
}

/** Mean and deviation in Lab over the points with weight. */
function measure(
  colours: Float32Array,
  weights: Float32Array,
  mean: Float32Array,
  deviation: Float32Array,
): void {
  const sums = [0, 0, 0]
  const squares = [0, 0, 0]
  let total = 1e-6
  for (let i = 0; i < POINTS; i++) {
    const weight = weights[i] as number
    if (weight === 0) continue
    rgbToLab(colours, 3 * i, lab, 0)
    total += weight
    for (let c = 0; c < 3; c++) {
      const value = lab[c] as number
      sums[c] = (sums[c] as number) + weight * value
      squares[c] = (squares[c] as number) + weight * value * value
    }
  }
  for (let c = 0; c < 3; c++) {
    const average = (sums[c] as number) / total
    mean[c] = average
    deviation[c] = Math.sqrt(Math.max(0, (squares[c] as number) / total - average * average))
  }
}

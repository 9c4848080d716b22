/**
 * The embedded engine: the source's picture is laid over the target's face mesh, in the target's light, moved towards the
 * source's proportions, with the target's own eyes and mouth showing through. It needs no weights of its own.
 */
import type { Affine } from '../../models/affine'
import type { CanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { type Layer, VERTEX_FLOATS } from '../compositor/layer'
import type { Face, FaceAt } from '../faces/face'
import { parseMemory } from '../storage/memory'
import type { Look } from '../studio/look'
import { completed, mirrorPoints, standIn } from './completion'
import type { SwapEngine } from './engine'
import { fingerprintOf } from './fingerprint'
import { fillGains, meetingOf } from './gains'
import { createPose } from './head-pose'
import { fillMatte, lipsOwnnessOf, MIDDLE, type Mouth, NONE, ownnessOf, type Side } from './matte'
import { resample } from './resample'
import { atRest, Proportions, type ProportionsMemory, ShapeChange } from './shape'
import { SkinColours, type SkinMemory } from './skin-colours'
import { faceSquare, SourceTexture } from './source-texture'
import { fillFacing, PaintOrder } from './surface'
import { createTopology, POINTS, type Topology } from './topology'

/** What is known of a source picture. */
export interface MeshSource extends Side {
  /** The same for the same picture and landmarks, in any thread and at any time. */
  readonly fingerprint: string
  readonly texture: SourceTexture
  /** 468 × (x, y, z) px of the source picture. */
  readonly points: Float32Array
  /** Its head at rest, see shape.ts. */
  readonly rest: Float32Array
  /** px of the source picture per cm of the average head. */
  readonly scale: number
  /** Photographed with the mouth wide open: it has no lips that would fit another mouth. */
  readonly agape: boolean
}

/** What is remembered of a target from frame to frame, and the arrays its layer lives in. */
class Target implements Side {
  readonly proportions = new Proportions()
  readonly skin = new SkinColours()
  readonly facing = new Float32Array(POINTS)
  readonly shape: ShapeChange
  readonly order: PaintOrder
  readonly vertices: Float32Array<ArrayBuffer>
  readonly depths: Float32Array
  /** The fingerprint of the source it was shown with last. */
  source: string | undefined
  level: number | undefined

  constructor(topology: Topology) {
    const count = POINTS + topology.middles.length
    this.shape = new ShapeChange(topology)
    this.order = new PaintOrder(topology.triangles)
    this.vertices = new Float32Array(count * VERTEX_FLOATS)
    this.depths = new Float32Array(count)
  }

  save(id: number): TargetMemory {
    return {
      id,
      proportions: this.proportions.save(),
      skin: this.skin.save(),
      facing: this.facing.slice(),
      offsets: this.shape.offsets.slice(),
      source: this.source,
      level: this.level,
    }
  }

  restore({ proportions, skin, facing, offsets, source, level }: TargetMemory): void {
    this.proportions.restore(proportions)
    this.skin.restore(skin)
    this.facing.set(facing)
    this.shape.offsets.set(offsets)
    this.source = source
    this.level = level
  }
}

interface TargetMemory {
  readonly id: number
  readonly proportions: ProportionsMemory
  readonly skin: SkinMemory
  readonly facing: Float32Array
  readonly offsets: Float32Array
  readonly source: string | undefined
  readonly level: number | undefined
}

/** What a MeshSwap remembers over time. */
interface MeshSwapMemory {
  readonly kind: typeof MEMORY
  readonly targets: readonly TargetMemory[]
}

/** To be raised with every change of what is remembered, or of what is made of it. */
const MEMORY = 'mesh-swap 1'

const MOUTHS: readonly Mouth[] = ['source', 'own', 'agape']
/** Side of the picture from which a source's colours are read, as a tracked face's are from its crop. */
const COLOUR_CROP = 192

export class MeshSwap implements SwapEngine<MeshSource> {
  readonly id = 'mesh'
  readonly #topology: Topology
  readonly #mirror: Uint16Array
  readonly #meetings: Readonly<Record<Mouth, Float32Array>>
  readonly #ownness: readonly Float32Array[] // by ownEyes, then by what becomes of the mouth
  readonly #targets = new Map<number, Target>()
  readonly #gains = new Float32Array(3 * POINTS)
  readonly #matte = new Float32Array(POINTS)

  constructor(canonical: CanonicalFace) {
    this.#topology = createTopology(canonical)
    this.#mirror = mirrorPoints(this.#topology)
    const meeting = (mouth: Mouth) => meetingOf(this.#topology, lipsOwnnessOf(this.#topology, mouth))
    this.#meetings = { source: meeting('source'), own: meeting('own'), agape: meeting('agape') }
    this.#ownness = [false, true].flatMap((ownEyes) =>
      MOUTHS.map((mouth) => ownnessOf(this.#topology, ownEyes, mouth)),
    )
  }

  prepare(image: Pixels, landmarks: Float32Array): MeshSource {
    const topology = this.#topology
    const facing = new Float32Array(POINTS)
    fillFacing(landmarks, topology.triangles, facing)
    const seen = this.#skinOf(image, landmarks, facing)
    const other = standIn({ skin: seen, facing }, this.#mirror, topology)
    const whole = completed(image, landmarks, other, this.#mirror, topology)
    const texture = new SourceTexture(whole, landmarks)
    const skin = this.#skinOf(whole, landmarks, facing)
    const rest = new Float32Array(3 * POINTS)
    const pose = createPose()
    atRest(landmarks, topology, pose, rest)
    // What the other side stands in for was seen as that side was.
    const shown = facing.map((own, i) => Math.max(own, (other[i] ?? 0) * (facing[this.#mirror[i] ?? i] ?? 0)))
    const points = landmarks.slice()
    const fingerprint = fingerprintOf(landmarks, skin.colours)
    return {
      fingerprint,
      texture,
      points,
      rest,
      scale: pose.scale,
      skin,
      facing: shown,
      agape: isAgape(rest),
    }
  }

  /** The skin of a still picture, read from as much around the face as a tracker's crop has. */
  #skinOf(image: Pixels, landmarks: Float32Array, facing: Float32Array): SkinColours {
    const square = faceSquare(landmarks)
    const side = square.side * 1.4
    const x = square.x - (side - square.side) / 2
    const y = square.y - (side - square.side) / 2
    const scale = COLOUR_CROP / side
    const frameToCrop: Affine = [scale, 0, 0, scale, -x * scale, -y * scale]
    const skin = new SkinColours()
    skin.see(resample(image, x, y, side, COLOUR_CROP), frameToCrop, landmarks, facing, 0, this.#topology)
    return skin
  }

  layer(face: Face, source: MeshSource, look: Look, timestampMs: number): Layer {
    const topology = this.#topology
    const target = this.#see(face, timestampMs)
    const sameSource = target.source === source.fingerprint
    target.source = source.fingerprint
    target.shape.follow(target.proportions.mean, source.rest, source.agape, sameSource ? 4 : 60)
    target.level = source.texture.levelFor(
      target.proportions.pose.scale / source.scale,
      sameSource ? target.level : undefined,
    )
    const texture = source.texture.at(target.level, look.sharpness)

    const mouth = source.agape ? 'agape' : look.ownMouth ? 'own' : 'source'
    fillGains(source.skin, target.skin, this.#meetings[mouth], look.colourMatch, this.#gains)
    fillMatte(topology, source, target, look.edgeSoftness, this.#matte)
    this.#place(target, face.landmarks, look.shape)
    this.#paint(target, source, texture, look.ownEyes, mouth)
    const triangles = target.order.sort(target.vertices, target.depths)
    return { vertices: target.vertices, triangles, texture, opacity: look.opacity }
  }

  /** Time runs backwards towards the first frame, so that what is remembered then is a mean of what is to come. */
  expect(coming: readonly FaceAt[]): void {
    const startMs = coming[0]?.timeMs ?? 0
    for (const { face, timeMs } of [...coming].reverse()) this.#see(face, 2 * startMs - timeMs)
  }

  #see(face: Face, timeMs: number): Target {
    const topology = this.#topology
    const target = this.#targets.get(face.id) ?? new Target(topology)
    this.#targets.set(face.id, target)
    if (face.missingMs > 0) return target
    target.proportions.see(face.landmarks, timeMs, topology)
    fillFacing(face.landmarks, topology.triangles, target.facing)
    const { pixels, frameToCrop } = face.crop
    target.skin.see(pixels, frameToCrop, face.landmarks, target.facing, timeMs, topology)
    return target
  }

  forget(faceId: number): void {
    this.#targets.delete(faceId)
  }

  save(): MeshSwapMemory {
    return { kind: MEMORY, targets: [...this.#targets].map(([id, target]) => target.save(id)) }
  }

  restore(memory: unknown): void {
    const { targets } = parseMemory<MeshSwapMemory>(memory, MEMORY)
    this.#targets.clear()
    for (const each of targets) {
      const target = new Target(this.#topology)
      target.restore(each)
      this.#targets.set(each.id, target)
    }
  }

  /** Positions: the landmarks, moved towards the source's proportions as the head is turned now. */
  #place({ vertices, depths, shape, proportions }: Target, landmarks: Float32Array, strength: number): void {
    // Indices are in range by construction.
    const { rotation: r, scale } = proportions.pose
    const reach = strength * scale
    const { offsets } = shape
    for (let i = 0; i < POINTS; i++) {
      const dx = (offsets[3 * i] as number) * reach
      const dy = (offsets[3 * i + 1] as number) * reach
      const dz = (offsets[3 * i + 2] as number) * reach
      const x = landmarks[3 * i] as number
      const y = landmarks[3 * i + 1] as number
      const at = i * VERTEX_FLOATS
      vertices[at] = x + (r[0] as number) * dx + (r[1] as number) * dy + (r[2] as number) * dz
      vertices[at + 1] = y + (r[3] as number) * dx + (r[4] as number) * dy + (r[5] as number) * dz
      vertices[at + 4] = x
      vertices[at + 5] = y
      depths[i] = landmarks[3 * i + 2] as number
    }
  }

  /** All else of the vertices, and the middles of the openings from their two sides. */
  #paint(
    { vertices, depths }: Target,
    { points, texture: { x, y, side } }: MeshSource,
    texture: Pixels,
    ownEyes: boolean,
    mouth: Mouth,
  ): void {
    // Indices are in range by construction.
    const ownness = this.#ownness[(ownEyes ? MOUTHS.length : 0) + MOUTHS.indexOf(mouth)]
    const scale = texture.width / side
    for (let i = 0; i < POINTS; i++) {
      const at = i * VERTEX_FLOATS
      vertices[at + 2] = ((points[3 * i] as number) - x) * scale
      vertices[at + 3] = ((points[3 * i + 1] as number) - y) * scale
      vertices[at + 6] = this.#gains[3 * i] as number
      vertices[at + 7] = this.#gains[3 * i + 1] as number
      vertices[at + 8] = this.#gains[3 * i + 2] as number
      vertices[at + 9] = this.#matte[i] as number
      vertices[at + 10] = ownness?.[i] ?? NONE
    }
    this.#topology.middles.forEach(({ upper, lower, eye }, k) => {
      const at = (POINTS + k) * VERTEX_FLOATS
      const a = upper * VERTEX_FLOATS
      const b = lower * VERTEX_FLOATS
      for (let n = 0; n < VERTEX_FLOATS; n++) {
        vertices[at + n] = ((vertices[a + n] as number) + (vertices[b + n] as number)) / 2
      }
      vertices[at + 10] = eye && !ownEyes ? NONE : MIDDLE
      depths[POINTS + k] = ((depths[upper] as number) + (depths[lower] as number)) / 2
    })
  }
}

/** Whether the lips stand apart by more than a third of the mouth's width. */
function isAgape(rest: Float32Array): boolean {
  const distance = (a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((d) => (rest[3 * a + d] as number) - (rest[3 * b + d] as number)))
  return distance(13, 14) > 0.33 * distance(78, 308)
}

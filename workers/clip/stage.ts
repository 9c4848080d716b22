import type { Compositor, Plate } from '../compositor/compositor'
import type { Bounds } from '../compositor/cpu/rasterise'
import type { Overlay } from '../compositor/layer'
import { badgeBounds } from '../compositor/shown'
import type { Face } from '../faces/face'
import { BadgeOf } from '../studio/badge-of'
import type { Look } from '../studio/look'
import { DEFAULT_LOOK } from '../studio/look'
import { readBitmap } from '../studio/read-bitmap'
import type { SourceFace } from '../studio/studio-api'
import type { SwapEngine } from '../swap/engine'
import type { Cast, Person } from './cast'
import { type Casting, layersOf, swapsAnyone } from './casting'

/** Knows who becomes whom and draws it, for the preview and for stills that are saved. Owns the engine's memory. */
export class Stage<Source> implements Disposable {
  readonly #engine: SwapEngine<Source>
  readonly #badge = new BadgeOf()
  readonly #sources = new Map<string, Source>()
  #look: Look = DEFAULT_LOOK
  #cast: Cast = { everyone: 'keep', people: {} }
  #people: readonly Person[] = []

  constructor(engine: SwapEngine<Source>) {
    this.#engine = engine
  }

  set look(look: Look) {
    this.#look = look
  }

  get look(): Look {
    return this.#look
  }

  setCast(cast: Cast, people: readonly Person[]): void {
    this.#cast = cast
    this.#people = people
  }

  /** Takes the picture over; undefined forgets the source. */
  putSource(id: string, source: SourceFace | undefined): void {
    if (source) this.#sources.set(id, this.#engine.prepare(readBitmap(source.image), source.landmarks))
    else this.#sources.delete(id)
  }

  /** Anybody becomes somebody else: the picture carries badge and provenance. */
  get swaps(): boolean {
    return swapsAnyone(this.#casting)
  }

  /** Draws the plate with its faces swapped, and what helps to judge it: split and mesh lines. */
  async draw(compositor: Compositor, plate: Plate, faces: readonly Face[], timeS: number): Promise<void> {
    const { split, showMesh } = this.#look
    const meshes = showMesh ? faces.map(({ landmarks }) => landmarks) : []
    const layers = layersOf(this.#engine, this.#casting, faces, timeS, plate.width)
    await compositor.draw(plate, layers, { ...this.#overlay(plate.height), split, meshes })
  }

  /** Draws it as it is exported. The faces are forgotten. */
  async drawAlone(
    compositor: Compositor,
    plate: Plate,
    faces: readonly Face[],
    timeS: number,
  ): Promise<void> {
    try {
      const layers = layersOf(this.#engine, this.#casting, faces, timeS, plate.width)
      await compositor.draw(plate, layers, this.#overlay(plate.height))
    } finally {
      this.forget(faces)
    }
  }

  /** Where the badge goes on a picture of this size. */
  badgeBounds(width: number, height: number): Bounds | undefined {
    const { badge } = this.#overlay(height)
    return badge && badgeBounds(badge.image, badge.corner, width, height)
  }

  /** What is remembered about these faces is not needed any more. */
  forget(faces: Iterable<Face>): void {
    for (const { id } of faces) this.#engine.forget(id)
  }

  get #casting(): Casting<Source> {
    return { look: this.#look, cast: this.#cast, people: this.#people, sources: this.#sources }
  }

  #overlay(height: number): Overlay {
    const { badge } = this.#look
    return {
      veil: false,
      mirror: false,
      split: undefined,
      meshes: [],
      badge:
        badge === 'off' || !this.swaps ? undefined : { image: this.#badge.forHeight(height), corner: badge },
    }
  }

  [Symbol.dispose](): void {
    this.#badge[Symbol.dispose]()
    this.#sources.clear()
  }
}

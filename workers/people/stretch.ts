/** One face followed through the looks of a scan, as long as it is surely one and the same. */
import type { Pixels } from '../../models/pixels'
import type { Sighting } from '../clip/cast'
import { dot, meanDirection, type Stretch } from './cluster'

/** An embedding this unlike the mean of those before (cosine) is another person's, or a bad look. */
const ANOTHER = 0.2
/** Two embeddings this much alike are the same person's. */
const SAME = 0.4

interface Look {
  readonly number: number
  readonly sighting: Sighting
  readonly sure: boolean
}

export class FollowedFace implements Stretch {
  embedding: Float32Array | undefined
  weight = 0
  thumbnail: Pixels | undefined
  /** How good the thumbnail is, see thumbnail.ts. */
  quality = 0
  readonly before: FollowedFace | undefined
  #looks: Look[]
  /** An embedding that did not fit, and the look it is from. */
  #odd: { readonly embedding: Float32Array; readonly at: number } | undefined

  /** `before`: what the tracker, who goes by places, took for the same person before a gap. */
  constructor(before?: FollowedFace, looks: Look[] = []) {
    this.before = before
    this.#looks = looks
  }

  get lastLook(): number {
    return this.#looks.at(-1)?.number ?? Number.NEGATIVE_INFINITY
  }

  get looks(): readonly number[] {
    return this.#looks.map(({ number }) => number)
  }

  get sightings(): readonly Sighting[] {
    return this.#looks.map(({ sighting }) => sighting)
  }

  /** In how many looks the detector agreed that it is a face. */
  get sureLooks(): number {
    return this.#looks.filter(({ sure }) => sure).length
  }

  see(look: Look): void {
    this.#looks.push(look)
  }

  /** It was there until then, as far as anybody knows. */
  lastUntil(timeS: number): void {
    const last = this.#looks.at(-1)
    if (!last || last.sighting.timeS >= timeS) return
    this.#looks.push({ ...last, sighting: { ...last.sighting, timeS }, sure: false })
  }

  /**
   * Takes in an embedding of the last look. Two in a row that are alike but unlike all before them are of somebody else,
   * onto whom the tracker slid: then they and their looks are given back as a face of their own.
   */
  recognise(embedding: Float32Array): FollowedFace | undefined {
    const at = this.#looks.length - 1
    if (this.embedding && dot(this.embedding, embedding) < ANOTHER) {
      const odd = this.#odd
      this.#odd = { embedding, at }
      if (!odd || dot(odd.embedding, embedding) < SAME) return undefined
      const other = new FollowedFace(undefined, this.#looks.splice(odd.at))
      other.embedding = meanDirection(odd.embedding, 1, embedding, 1)
      other.weight = 2
      return other
    }
    this.#odd = undefined
    this.embedding = this.embedding ? meanDirection(this.embedding, this.weight, embedding, 1) : embedding
    this.weight++
    return undefined
  }
}

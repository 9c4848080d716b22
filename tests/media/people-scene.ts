/** Several synthetic people in one picture, who come and go as told, with their true landmarks. */
import type { CanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { paintBackdrop } from '../../workers/demo-head/backdrop'
import type { HeadCharacter } from '../../workers/demo-head/character'
import { type HeadPose, headPose } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'

export interface Actor {
  readonly character: HeadCharacter
  /** px of the scene where the middle of the actor's own picture is; undefined: not in the scene. */
  at(timeMs: number): { readonly x: number; readonly y: number } | undefined
  /** The talking head's score when left out. */
  pose?(timeMs: number): HeadPose
}

export interface Scene {
  readonly pixels: Pixels
  /** 468 × (x, y, z) px of the scene, by actor; undefined for who is not in it. */
  readonly truths: readonly (Float32Array<ArrayBuffer> | undefined)[]
}

/** `size`: side of every actor's own picture, px; a face is about 0.55 of it high. Later actors are in front. */
export function peopleScene(
  canonical: CanonicalFace,
  actors: readonly Actor[],
  width: number,
  height: number,
  size: number,
): (timeMs: number) => Scene {
  const heads = actors.map(({ character }) =>
    createHeadRenderer(canonical, character, livePicture(size, size)),
  )
  const empty = paintBackdrop(size, size)
  const backdrop = paintBackdrop(width, height)
  return (timeMs) => {
    const pixels = createPixels(width, height)
    const scene = new Uint32Array(pixels.data.buffer)
    scene.set(backdrop)
    const truths = actors.map((actor, k) => {
      const at = actor.at(timeMs)
      const rendered = at && heads[k]?.render((actor.pose ?? headPose)(timeMs))
      if (!at || !rendered) return undefined
      const [left, top] = [Math.round(at.x - size / 2), Math.round(at.y - size / 2)]
      const person = new Uint32Array(rendered.pixels.data.buffer)
      for (let y = Math.max(0, -top); y < Math.min(size, height - top); y++) {
        for (let x = Math.max(0, -left); x < Math.min(size, width - left); x++) {
          const from = y * size + x
          if (person[from] !== empty[from]) scene[(y + top) * width + x + left] = person[from]!
        }
      }
      return rendered.landmarks.map((value, i) => value + ([left, top, 0][i % 3] ?? 0))
    })
    return { pixels, truths }
  }
}

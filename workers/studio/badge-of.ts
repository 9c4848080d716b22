import { makeBadge } from '../compositor/badge'

/** The badge for a frame's height, made again only when that changes. */
export class BadgeOf implements Disposable {
  #image: ImageBitmap | undefined
  #height = 0

  forHeight(height: number): ImageBitmap {
    if (this.#image && this.#height === height) return this.#image
    this.#image?.close()
    this.#image = makeBadge(height)
    this.#height = height
    return this.#image
  }

  [Symbol.dispose](): void {
    this.#image?.close()
    this.#image = undefined
  }
}

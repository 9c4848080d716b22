/** A download whose bytes are counted, and whose errors are told from those of whoever stores it. */

/** More or fewer bytes came than were announced. */
export class ShortError extends Error {
  override readonly name = 'ShortError'
}

export interface Counted {
  /** The same bytes; it fails where they are not as many as announced. */
  of(stream: ReadableStream<Uint8Array>, bytes: number | undefined): ReadableStream<Uint8Array>
  /** Why the download broke, if it did. */
  readonly error: unknown
}

export function counted(): Counted {
  let failure: unknown
  return {
    get error() {
      return failure
    },
    of(stream, bytes) {
      const reader = stream.getReader()
      let count = 0
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            try {
              const { done, value } = await reader.read()
              if (!done) {
                count += value.byteLength
                if (bytes === undefined || count <= bytes) return controller.enqueue(value)
              }
              if (bytes !== undefined && count !== bytes) {
                throw new ShortError(`${count} bytes came where ${bytes} were announced.`)
              }
              controller.close()
            } catch (error) {
              failure = error
              controller.error(error)
              if (error instanceof ShortError) await reader.cancel(error).catch(() => undefined)
            }
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 }, // nothing is read ahead of whoever stores it
      )
    },
  }
}

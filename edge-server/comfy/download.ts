/** A result on its way from a box, taken up again where the connection broke. */
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { badAnswer, isUnreachable, unreachable } from './box-errors'
import type { BoxHttp } from './box-http'
import type { BoxFile } from './comfy'

const maxTries = 5 // in a row, without a byte in between

export async function downloadFrom(http: BoxHttp, file: BoxFile, signal: AbortSignal) {
  const { filename, subfolder, type } = file
  const path = `/view?${new URLSearchParams({ filename, subfolder, type })}`
  const unwanted = new AbortController()
  const ending = AbortSignal.any([signal, unwanted.signal])
  const first = await begin(0, undefined)
  const etag = first.headers.etag
  const length = Number(first.headers['content-length'] ?? Number.NaN)
  const bytes = Number.isSafeInteger(length) ? length : undefined
  const pieces = read(first)
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel() {
        unwanted.abort()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, bytes }

  async function* read(answer: IncomingMessage): AsyncGenerator<Uint8Array, void, void> {
    let at = 0
    let tries = 0
    let current: IncomingMessage | undefined = answer
    for (;;) {
      try {
        current ??= await begin(at, etag)
        for await (const piece of guarded(current)) {
          at += piece.length
          tries = 0
          if (bytes !== undefined && at > bytes)
            throw badAnswer(http.name, 'sent more of a file than it said')
          yield piece
        }
        if (bytes === undefined || at === bytes) return
        throw unreachable(http.name, 'broke the connection')
      } catch (error) {
        current?.destroy()
        current = undefined
        ending.throwIfAborted()
        // Without a length or a tag nobody can tell where to go on, or whether it is still the same file.
        if (!isUnreachable(error) || bytes === undefined || etag === undefined || ++tries >= maxTries)
          throw error
        await sleep(50 * 2 ** tries, undefined, { signal: ending })
      }
    }
  }

  async function begin(at: number, tag: string | undefined): Promise<IncomingMessage> {
    const headers = at > 0 && tag ? { Range: `bytes=${at}-`, 'If-Range': tag } : {}
    const answer = await http.stream({ path, headers }, ending)
    const wanted = at > 0 ? 206 : 200
    if (answer.statusCode === wanted) return answer
    answer.destroy()
    if (answer.statusCode === 404) throw badAnswer(http.name, 'no longer has the file')
    if (answer.statusCode === 200) throw badAnswer(http.name, 'changed the file while it was read')
    throw http.badStatus(answer.statusCode ?? 0)
  }

  /** The pieces of an answer; one that stops, breaks or is no longer wanted ends with an error of ours. */
  async function* guarded(answer: IncomingMessage): AsyncGenerator<Uint8Array, void, void> {
    const stop = () => answer.destroy(new Error('given up'))
    ending.addEventListener('abort', stop, { once: true })
    const pieces = (answer as AsyncIterable<Buffer>)[Symbol.asyncIterator]() // buffers, as it has no encoding
    try {
      for (;;) {
        const timer = setTimeout(stop, http.limits.stallMs) // not while the reader takes its time
        const next = await pieces.next().finally(() => clearTimeout(timer))
        if (next.done) return
        yield next.value
      }
    } catch {
      throw unreachable(http.name, 'broke the connection')
    } finally {
      ending.removeEventListener('abort', stop)
      answer.destroy()
    }
  }
}

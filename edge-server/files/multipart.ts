/** A form with one file in it, as browsers send it; its bytes are handed on as they come. */
import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { Refusal } from '../errors'
import { silent } from './refusals'

/** The part of the form that holds the file. */
const FIELD = 'file'

export interface SentFile {
  /** As the person called it; may be hostile. */
  readonly name: string
  /** Ends once the whole form has come and holds nothing else; throws where it does not come, or is refused. */
  readonly stream: AsyncIterable<Uint8Array>
}

/**
 * Reads the form in the body of a request and gives its one file to `take`, whose answer is the answer. The body is left where it is when
 * something is refused; a sender that is silent for `silenceMs` is given up. Throws a Refusal, and what `take` throws.
 */
export async function readForm<T>(
  body: Readable,
  contentType: string | undefined,
  silenceMs: number,
  take: (file: SentFile) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const parser = openParser(contentType)
  let file: Readable | undefined
  let taking: Promise<T> | undefined
  let stop: (reason: Error) => void = () => {}
  const whole = new Promise<void>((resolve, reject) => {
    stop = (reason) => {
      body.unpipe(parser)
      file?.destroy(reason)
      reject(reason)
    }
    parser.once('finish', resolve)
  })
  whole.catch(() => {}) // it is waited for twice, or not at all

  async function* untilWhole(stream: Readable): AsyncGenerator<Uint8Array, void> {
    yield* stream as AsyncIterable<Uint8Array> // it has no encoding
    await whole
  }
  parser.on('file', (field, stream, name) => {
    // An AbortError says that `take` wants no more, for reasons of its own.
    stream.on('error', ({ name }) => name === 'AbortError' || stop(brokenForm()))
    if (field !== FIELD || file) {
      stream.resume()
      return stop(notOneFile())
    }
    file = stream
    taking = take({ name: unescaped(name), stream: untilWhole(stream) })
    taking.catch(stop)
  })
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => stop(notOneFile()))
  }
  parser.on('error', () => stop(brokenForm()))

  const silence = setTimeout(() => stop(silent(silenceMs)), silenceMs)
  const heard = () => silence.refresh()
  // A body that has come whole is closed before its last bytes are on the disk.
  const gone = () => {
    if (!body.readableEnded) stop(brokenForm())
  }
  const abort = () => stop(signal.reason)
  body.on('data', heard).once('error', gone).once('close', gone)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    body.pipe(parser)
    await whole
    if (!taking) throw notOneFile()
    return await taking
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', abort)
    body.off('data', heard).off('close', gone) // errors stay heard: there may still come one
    body.unpipe(parser)
    await taking?.catch(() => {}) // what it wrote is gone before the answer
  }
}

/** Browsers write the mark that ends a name, and line breaks, as percent codes, and nothing else. */
const unescaped = (name = '') => name.replace(/%22/g, '"').replace(/%0[ad]/gi, ' ')

function openParser(contentType: string | undefined): BusboyInstance {
  if (!contentType || !/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new Refusal(
      415,
      'UnsupportedMedia',
      `This takes multipart/form-data with one file, named "${FIELD}".`,
    )
  }
  try {
    return new Busboy({
      headers: { 'content-type': contentType.slice(0, 300) },
      limits: { files: 1, fields: 0, parts: 1, headerPairs: 16, headerSize: 8192 },
    })
  } catch {
    throw new Refusal(400, 'BadRequest', 'The form does not say where its parts begin and end.')
  }
}

const notOneFile = () =>
  new Refusal(400, 'BadRequest', `The form must hold one file, named "${FIELD}", and nothing else.`)

const brokenForm = () => new Refusal(400, 'BadRequest', 'The form is broken off, or is none.')

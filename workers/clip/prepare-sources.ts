import { namedError } from '../rpc/named-error'
import { readBitmap } from '../studio/read-bitmap'
import type { SwapEngine } from '../swap/engine'
import type { JobSource } from './clip-job'

/** A job's sources as its engine wants them, by their id. Rejects with an Error named `ImageUndecodableError`. */
export async function prepareSources<Source>(
  engine: SwapEngine<Source>,
  sources: readonly JobSource[],
): Promise<ReadonlyMap<string, Source>> {
  const prepared = new Map<string, Source>()
  for (const { id, name, picture, landmarks } of sources) {
    const image = await createImageBitmap(picture).catch(() => {
      throw namedError('ImageUndecodableError', `The picture of ${name} cannot be read.`)
    })
    prepared.set(id, engine.prepare(readBitmap(image), landmarks))
  }
  return prepared
}

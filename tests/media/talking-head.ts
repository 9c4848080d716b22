/** Pictures and files for tests of what writes them. */
import { parseCanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { THEO } from '../../workers/demo-head/character'
import { headPose } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { loadWeights } from '../../workers/inference/weights'

/** The synthetic head at these moments. */
export async function talkingHead(
  width: number,
  height: number,
  timesS: readonly number[],
): Promise<Pixels[]> {
  const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
  const head = createHeadRenderer(canonical, THEO, livePicture(width, height))
  return timesS.map((timeS) => {
    const { pixels } = head.render(headPose(timeS * 1000))
    return { width, height, data: new Uint8ClampedArray(pixels.data) }
  })
}

/** A file in the browser's private storage that is removed when disposed. */
export async function scratchFile(name: string): Promise<AsyncDisposable & { handle: FileSystemFileHandle }> {
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle(name, { create: true })
  return { handle, [Symbol.asyncDispose]: () => root.removeEntry(name).catch(() => undefined) }
}

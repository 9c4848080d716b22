/** The demo head's thread: draws frames and portraits, so that neither the page nor the studio waits for them. */
import { expose, transfer } from 'comlink'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { loadWeights } from '../inference/weights'
import { SOURCE_CHARACTERS } from './character'
import { DEMO_OPTIONS, demoFrames } from './demo-source'
import { renderPortrait } from './portrait'

const PORTRAIT_PX = 640

let loading: Promise<CanonicalFace> | undefined

function canonicalFace(): Promise<CanonicalFace> {
  loading ??= loadWeights(CANONICAL_FACE).then(parseCanonicalFace)
  loading.catch(() => {
    loading = undefined // a failed download may be tried again
  })
  return loading
}

const demoHead = {
  /**
   * Posts frames on the port, one to begin with and one for each 'more', until it hears null. Frames are the
   * receiver's to close.
   */
  async play(port: MessagePort): Promise<void> {
    const life = new AbortController()
    const reader = demoFrames(await canonicalFace(), DEMO_OPTIONS, life.signal).getReader()
    const post = async (): Promise<void> => {
      const { value } = await reader.read()
      if (value) port.postMessage(value, [value])
    }
    port.onmessage = ({ data }: MessageEvent<'more' | null>) => {
      if (data === null) {
        life.abort()
        port.close()
      } else void post()
    }
    void post()
  },
  /** Characters that can be tried as sources. */
  async portraits(): Promise<{ readonly name: string; readonly image: ImageBitmap }[]> {
    const canonical = await canonicalFace()
    const portraits: { name: string; image: ImageBitmap }[] = []
    for (const character of SOURCE_CHARACTERS) {
      const { data, width, height } = renderPortrait(canonical, character, PORTRAIT_PX)
      const image = await createImageBitmap(new ImageData(data, width, height))
      portraits.push({ name: character.name, image })
    }
    return transfer(
      portraits,
      portraits.map(({ image }) => image),
    )
  },
}
export type DemoHeadApi = typeof demoHead
expose(demoHead)

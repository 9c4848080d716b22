/** Clip fixtures by WebCodecs and mediabunny in a browser, for machines without ffmpeg. */
import { openSourcePage } from '../browser/source-page'
import type { ClipName } from './clip-recipes'
import type { MadeClip } from './pages/clips'

/** Of the talking head (a path of a Y4M file); names those it can make. */
export async function clipsFromBrowser(head: string): Promise<Partial<Record<ClipName, MadeClip>>> {
  await using source = await openSourcePage('tests/media/pages/clips.html')
  await source.page.waitForFunction(() => 'makeClips' in globalThis)
  return await source.page.evaluate((path) => globalThis.makeClips(path), `/@fs${head}`)
}

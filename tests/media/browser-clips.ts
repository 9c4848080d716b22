/** Clip fixtures by WebCodecs and mediabunny in a browser, for machines without ffmpeg. */
import type { ClipFixtures } from './clip-fixtures'

export async function clipsFromBrowser(_head: string, _folder: string): Promise<ClipFixtures> {
  throw new Error('not yet')
}

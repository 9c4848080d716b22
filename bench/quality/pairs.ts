/** What is swapped with what: every single face among the pictures once, spread over the clips of one talking person. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { CanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { AMARA, THEO, VERA } from '../../workers/demo-head/character'
import { headPose } from '../../workers/demo-head/motion'
import { renderPortrait } from '../../workers/demo-head/portrait'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { type ClipFrame, hasFfmpeg, readFrames, readPicture } from './ffmpeg'
import { SHARED } from './identity'

export interface Pair {
  readonly source: string
  readonly clip: string
  readonly picture: () => Promise<Pixels>
  /** `count` frames in a row from a moment at which the person is well in view. */
  readonly frames: (count: number) => AsyncIterable<ClipFrame>
}

/** Source picture, clip, first frame. */
const REAL: readonly (readonly [source: string, clip: string, first: number])[] = [
  ['portrait_man_b_lp_d8.jpg', 'clip_woman_c_lp_s18.mp4', 60],
  ['portrait_ai_woman_wan_pose.png', 'clip_talk_man_a_lp_d18.mp4', 40],
  ['painting_monalisa_lp_s9.jpg', 'clip_driving_lp_d0.mp4', 10],
  ['portrait_woman_a_lp_d9.jpg', 'clip_woman_e_lp_d3.mp4', 60],
  ['portrait_man_a_lp_d19.jpg', 'clip_woman_c_lp_s18.mp4', 60],
  ['painting_lp_s4.jpg', 'clip_driving_lp_d0.mp4', 10],
  ['statue_terracotta_lp_s6.jpg', 'clip_talk_man_a_lp_d18.mp4', 40],
  ['char_replace_image_wan.jpeg', 'greenscreen_man_dhlive_01.mp4', 60],
]

const filePair = (source: string, clip: string, first: number): Pair => ({
  source: basename(source),
  clip: basename(clip),
  picture: () => readPicture(source),
  frames: (count) => readFrames(clip, first, count),
})

/** The pairs that can be had here, and why there are no others. */
export function pairsFor(
  canonical: CanonicalFace,
  source: string | undefined,
  clip: string | undefined,
): { pairs: readonly Pair[]; note: string } {
  if (source && clip) return { pairs: [filePair(source, clip, 0)], note: '' }
  const media = resolve(SHARED, 'media')
  if (existsSync(media) && hasFfmpeg()) {
    const pairs = REAL.map(([s, c, first]) => filePair(resolve(media, s), resolve(media, c), first))
    return { pairs, note: '' }
  }
  const missing = hasFfmpeg() ? 'no ../shared/media' : 'no ffmpeg'
  const pairs = [VERA, AMARA].map((character) => ({
    source: character.name,
    clip: THEO.name,
    picture: async () => renderPortrait(canonical, character, 512),
    frames: (count: number) => demoFrames(canonical, count),
  }))
  return { pairs, note: `${missing}: the demo's own characters stand in` }
}

async function* demoFrames(canonical: CanonicalFace, count: number): AsyncGenerator<ClipFrame> {
  const renderer = createHeadRenderer(canonical, THEO, livePicture(640, 480))
  for (let number = 0; number < count; number++) {
    const timeMs = (number * 1000) / 30
    const { width, height, data } = renderer.render(headPose(timeMs)).pixels
    yield { pixels: { width, height, data: data.slice() }, timeMs }
  }
}

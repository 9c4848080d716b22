/** What is known of a clip, as people say it. */
import type { Opened } from '../../workers/clip/clip-api'
import type { Quality } from '../../workers/clip/clip-job'
import type { ClipInfo } from '../../workers/media/clip-info'
import { size, timecode } from './times'

/** 1280 × 720 · 29.97 fps · H.264 · AAC stereo · 0:12.40 · 8.2 MB */
export function factsOf(opened: Opened, bytes: number): string[] {
  if (opened.kind === 'still') return [`${opened.width} × ${opened.height}`, 'Still picture', size(bytes)]
  const { info } = opened
  const { width, height, fps, codec } = info.video
  return [
    `${width} × ${height}`,
    `${rate(fps)} fps`,
    `${codec} in ${info.container}`,
    soundOf(info),
    timecode(info.toS - info.fromS),
    size(bytes),
  ]
}

/** 30, 29.97, 23.98 */
export const rate = (fps: number): string => fps.toFixed(2).replace(/\.?0+$/, '')

const soundOf = ({ audio }: ClipInfo): string => {
  if (!audio) return 'no sound'
  const channels = { 1: 'mono', 2: 'stereo', 6: '5.1' }[audio.channels] ?? `${audio.channels} channels`
  return `${audio.codec} ${channels}`
}

/** What happened, or will happen, to the picture on its way. */
export function remarksOn({
  video,
  converted,
}: ClipInfo): { readonly title: string; readonly text: string }[] {
  const hdr = video.hdr && {
    title: `HDR (${video.hdr})`,
    text: 'It is tone-mapped: you see, and get, the colours of an ordinary screen (BT.709).',
  }
  const odd = converted && {
    title: 'Converted',
    text: 'This browser cannot read the file’s own format, so a converted copy is used. It is made on this device.',
  }
  return [hdr, odd].filter((remark) => remark !== undefined && remark !== false)
}

export const QUALITIES: Readonly<Record<Quality, string>> = {
  high: 'Like the original',
  medium: 'Good for sharing',
  small: 'Small file',
}

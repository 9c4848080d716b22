/** Real clips beside the working copy, as Chromium's fake camera plays them. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'

const folder = resolve(import.meta.dirname, '../../.cache/clips')

/**
 * A clip as Y4M at 30 frames per second: scaled and cropped to fill width × height, or at its own size without them.
 * Converted once. undefined when the clip or ffmpeg is not there, or ffmpeg cannot read it.
 */
export function clipCamera(clip: string, width?: number, height?: number): string | undefined {
  if (!existsSync(clip)) return undefined
  const { mtimeMs, size } = statSync(clip)
  const key = createHash('sha256').update(`${clip} ${mtimeMs} ${size}`).digest('hex').slice(0, 8)
  const shape = width && height ? `${width}x${height}` : 'own'
  const video = resolve(folder, `${basename(clip).replace(/\.\w+$/, '')}-${shape}-${key}.y4m`)
  if (existsSync(video)) return video
  mkdirSync(folder, { recursive: true })
  const fill =
    width && height
      ? `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`
      : 'crop=trunc(iw/2)*2:trunc(ih/2)*2'
  const part = `${video}.${process.pid}`
  const options = [
    '-vf',
    `${fill},fps=30`,
    '-pix_fmt',
    'yuv420p',
    '-an',
    '-strict',
    '-1',
    '-f',
    'yuv4mpegpipe',
  ]
  const { status } = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', clip, ...options, part], {
    stdio: 'ignore',
  })
  if (status !== 0) {
    rmSync(part, { force: true })
    return undefined
  }
  renameSync(part, video)
  return video
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserCommand } from 'vitest/node'

/** What others see in a file that was made in a browser. */
export interface Probed {
  /** As ffprobe names things. */
  readonly streams: readonly Record<string, string | number>[]
  /** When frames of the first video stream are shown, seconds. */
  readonly frameTimes: readonly number[]
  /** The first sound stream, its first channel at 48 kHz from second 0 of the file on, 16 bits little-endian in base64; '' without one. */
  readonly sound: string
  /** What ffmpeg complained about while it decoded everything. */
  readonly complaints: string
}

/** A browser test's way to ffmpeg: `commands.ffprobe(base64)`. undefined where it is not installed. */
export const ffprobe: BrowserCommand<[base64: string]> = async (
  _context,
  base64,
): Promise<Probed | undefined> => {
  const folder = mkdtempSync(join(tmpdir(), 'ffprobe-'))
  try {
    const path = join(folder, 'file')
    writeFileSync(path, Buffer.from(base64, 'base64'))
    const entries = 'stream:frame=best_effort_timestamp_time,media_type'
    const seen = run('ffprobe', '-v', 'error', '-of', 'json', '-show_entries', entries, path)
    if (!seen) return undefined
    const { streams, frames } = JSON.parse(seen.stdout.toString()) as Answer
    const hasSound = streams.some(({ codec_type: type }) => type === 'audio')
    const filter =
      'channelmap=map=0:channel_layout=mono,aresample=48000:async=1:first_pts=0:min_hard_comp=0.0001'
    const pictures = ['-map', 'v:0', '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-']
    const sound = hasSound ? ['-map', 'a:0', '-af', filter, '-f', 's16le', '-'] : []
    const decoded = run('ffmpeg', '-v', 'warning', '-copyts', '-i', path, ...pictures, ...sound)
    return {
      streams,
      frameTimes: frames
        .filter(({ media_type: type }) => type === 'video')
        .map(({ best_effort_timestamp_time: time }) => Number(time)),
      sound: decoded?.stdout.toString('base64') ?? '',
      complaints: decoded?.stderr.toString().trim() ?? '',
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Answer {
  readonly streams: Probed['streams']
  readonly frames: readonly { readonly best_effort_timestamp_time: string; readonly media_type: string }[]
}

/** undefined where there is no such program. */
function run(program: string, ...options: string[]) {
  const result = spawnSync(program, options, { maxBuffer: 2 ** 28 })
  return result.error ? undefined : result
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    ffprobe(base64: string): Promise<Probed | undefined>
  }
}

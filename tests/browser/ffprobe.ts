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
  /** The first sound stream, one channel at 48 kHz from second 0 of the file on, 16 bits little-endian in base64; '' without one. */
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
    const probe = (...options: string[]) =>
      run('ffprobe', '-v', 'error', '-of', 'json', ...options, path)?.stdout.toString()
    const streams = probe('-show_streams')
    const frames = probe('-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time')
    if (!streams || !frames) return undefined
    const resample = 'aresample=48000:async=1:first_pts=0:min_hard_comp=0.0001'
    const sound = run(
      'ffmpeg',
      '-v',
      'quiet',
      '-copyts',
      '-i',
      path,
      '-map',
      'a:0',
      '-af',
      resample,
      '-ac',
      '1',
      '-f',
      's16le',
      '-',
    )
    const decoded = run('ffmpeg', '-v', 'warning', '-i', path, '-f', 'null', '-')
    return {
      streams: JSON.parse(streams).streams,
      frameTimes: JSON.parse(frames).frames.map((frame: { best_effort_timestamp_time: string }) =>
        Number(frame.best_effort_timestamp_time),
      ),
      sound: sound?.stdout.toString('base64') ?? '',
      complaints: decoded?.stderr.toString().trim() ?? '',
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
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

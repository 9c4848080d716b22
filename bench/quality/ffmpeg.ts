/** Pictures and clips as plain pixels, by the system's ffmpeg. */
import { spawn, spawnSync } from 'node:child_process'
import { createPixels, type Pixels } from '../../models/pixels'

export const hasFfmpeg = (): boolean => spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0

export interface ClipFrame {
  readonly pixels: Pixels
  readonly timeMs: number
}

/** Frames `first` up to `first + count` − 1 of a clip, in order; a picture is a clip of one frame. */
export async function* readFrames(path: string, first = 0, count = 1): AsyncGenerator<ClipFrame> {
  const { width, height, fps } = probe(path)
  const select = `select=between(n\\,${first}\\,${first + count - 1})`
  const output = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-']
  const ffmpeg = spawn(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-vf', select, '-vsync', '0', '-frames:v', `${count}`, ...output],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    let pixels = createPixels(width, height)
    let filled = 0
    let number = first
    for await (const chunk of ffmpeg.stdout as AsyncIterable<Uint8Array>) {
      let read = 0
      while (read < chunk.length) {
        const part = chunk.subarray(read, read + pixels.data.length - filled)
        pixels.data.set(part, filled)
        filled += part.length
        read += part.length
        if (filled < pixels.data.length) continue
        yield { pixels, timeMs: (number++ * 1000) / fps }
        pixels = createPixels(width, height)
        filled = 0
      }
    }
  } finally {
    ffmpeg.kill()
  }
}

export async function readPicture(path: string): Promise<Pixels> {
  for await (const { pixels } of readFrames(path)) return pixels
  throw new Error(`${path} cannot be decoded.`)
}

function probe(path: string): { width: number; height: number; fps: number } {
  const entries = ['-show_entries', 'stream=width,height,r_frame_rate', '-of', 'csv=p=0']
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', ...entries, path])
  const [width, height, rate] = stdout.toString().trim().split(',')
  const [over, under] = (rate ?? '').split('/').map(Number)
  if (!width || !height) throw new Error(`${path} has no picture in it.`)
  return { width: Number(width), height: Number(height), fps: over && under ? over / under : 25 }
}

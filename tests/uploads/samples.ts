/** Small real files of every format, made by ffmpeg once per run, and hostile ones made of them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=1']
const sound = ['-f', 'lavfi', '-i', 'sine=d=1']
const still = [...picture, '-frames:v', '1']
const film = [...picture, ...sound, '-shortest']

const recipes = {
  'a.png': still,
  'a.jpg': still,
  'a.bmp': still,
  'a.webp': still,
  'lossless.webp': [...still, '-lossless', '1'],
  'moving.webp': picture,
  'a.gif': picture,
  'a.mp4': film,
  'fragments.mp4': [...film, '-movflags', 'frag_keyframe+empty_moov'],
  'a.m4v': film,
  'a.mov': film,
  'a.mkv': film,
  'a.webm': [...film, '-c:v', 'libvpx'],
  'live.webm': [...film, '-c:v', 'libvpx', '-live', '1'],
  'a.avi': film,
  'a.m4a': sound,
  'a.mp3': sound,
  'a.wav': sound,
  'a.ogg': sound,
  'a.flac': sound,
} as const
export type Sample = keyof typeof recipes
export const sampleNames = Object.keys(recipes) as Sample[]

const made = new Map<Sample, Buffer>()

/** The bytes of a sample. */
export function sample(name: Sample): Buffer {
  const known = made.get(name)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), 'samples-'))
  try {
    const path = join(folder, name)
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...recipes[name], path], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const bytes = readFileSync(path)
    made.set(name, bytes)
    return bytes
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A PNG that begins as any other, of any size in bytes and pixels; the pixels themselves are nonsense. */
export function png({ bytes = 100, width = 8, height = 8, seed = 0 } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const pixels = Buffer.alloc(Math.max(0, bytes - 8 - 25 - 12 - 12), seed)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, bytes: Buffer): Buffer {
  const whole = Buffer.alloc(12 + bytes.length)
  whole.writeUInt32BE(bytes.length)
  whole.write(name, 4, 'latin1')
  whole.set(bytes, 8)
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + bytes.length)), 8 + bytes.length)
  return whole
}

/** A film of about that many bytes: a real one with a box of nothing behind it, which is well formed. */
export function largeFilm(bytes: number, seed = 0): Buffer {
  const whole = Buffer.alloc(bytes, seed)
  const start = sample('a.mp4')
  whole.set(start)
  whole.writeUInt32BE(bytes - start.length, start.length)
  whole.write('free', start.length + 4, 'latin1')
  return whole
}

/** A zip archive with one empty file in it. */
export const zip = Buffer.from(
  '504b030414000000000000002100000000000000000000000000010000006150' +
    '4b01021400140000000000000021000000000000000000000000000100000000000000000000000000000000006150' +
    '4b050600000000010001002f0000001f0000000000',
  'hex',
)

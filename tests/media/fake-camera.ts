/** The talking head as a camera for Chromium (--use-file-for-fake-video-capture), and where its landmarks really are. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { THEO } from '../../workers/demo-head/character'
import { headPose, LOOP_MS } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { drawFrameNumber } from './frame-number'
import { y4mFrame, y4mHeader } from './y4m'

export const FAKE_CAMERA = { width: 640, height: 480, fps: 30, frames: (LOOP_MS / 1000) * 30 } as const

const root = resolve(import.meta.dirname, '../..')
const folder = resolve(root, '.cache/fake-camera')
const VALUES = 468 * 3

/**
 * The path of the video (Y4M); drawn when it is not there yet or the head has changed since. It loops without a seam.
 * Each frame carries its number, see frame-number.ts.
 */
export function ensureFakeCamera(): string {
  const { video, truth } = paths()
  if (existsSync(video) && existsSync(truth)) return video
  mkdirSync(folder, { recursive: true })
  const canonical = parseCanonicalFace(readFileSync(resolve(root, 'public', CANONICAL_FACE.path)))
  const { width, height, fps, frames } = FAKE_CAMERA
  const head = createHeadRenderer(canonical, THEO, livePicture(width, height))
  const landmarks = new Float32Array(frames * VALUES)
  // Written under another name first: whoever looks meanwhile must not find half of it.
  const part = `${video}.${process.pid}`
  const file = openSync(part, 'w')
  try {
    writeSync(file, y4mHeader(width, height, fps))
    for (let i = 0; i < frames; i++) {
      const rendered = head.render(headPose((i * 1000) / fps))
      landmarks.set(rendered.landmarks, i * VALUES)
      drawFrameNumber(rendered.pixels, i)
      writeSync(file, y4mFrame(rendered.pixels))
    }
  } finally {
    closeSync(file)
  }
  writeFileSync(`${truth}.${process.pid}`, new Uint8Array(landmarks.buffer))
  renameSync(`${truth}.${process.pid}`, truth)
  renameSync(part, video)
  for (const name of readdirSync(folder)) {
    const path = resolve(folder, name)
    if (/\.(y4m|f32)$/.test(name) && path !== video && path !== truth) rmSync(path, { force: true })
  }
  return video
}

/** Per frame of the fake camera: 468 × (x, y, z) as RenderedHead has them. */
export function fakeCameraTruth(): Float32Array[] {
  ensureFakeCamera()
  const bytes = readFileSync(paths().truth)
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return Array.from({ length: FAKE_CAMERA.frames }, (_, i) => values.subarray(i * VALUES, (i + 1) * VALUES))
}

function paths(): { video: string; truth: string } {
  const name = fakeCameraKey()
  return { video: resolve(folder, `${name}.y4m`), truth: resolve(folder, `${name}.f32`) }
}

/** Changes with everything that the picture depends on. */
export function fakeCameraKey(): string {
  const hash = createHash('sha256').update(CANONICAL_FACE.sha256)
  const sources = resolve(root, 'workers/demo-head')
  for (const name of readdirSync(sources).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts')) hash.update(readFileSync(resolve(sources, name)))
  }
  for (const name of ['fake-camera.ts', 'frame-number.ts', 'y4m.ts']) {
    hash.update(readFileSync(resolve(import.meta.dirname, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { THEO } from '../../workers/demo-head/character'
import { headPose } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { FAKE_CAMERA } from './fake-camera'
import { y4mFrame, y4mHeader } from './y4m'

const root = resolve(import.meta.dirname, '../..')

/** The path of a video (Y4M) of the talking head that holds still: what changes in it, the studio has changed. */
export function writeStillCamera(): string {
  const { width, height, fps } = FAKE_CAMERA
  const canonical = parseCanonicalFace(readFileSync(resolve(root, 'public', CANONICAL_FACE.path)))
  const { pixels } = createHeadRenderer(canonical, THEO, livePicture(width, height)).render(headPose(0))
  const folder = resolve(root, '.cache/fake-camera')
  mkdirSync(folder, { recursive: true })
  const path = resolve(folder, 'still.y4m')
  const frame = y4mFrame(pixels)
  writeFileSync(path, Buffer.concat([Buffer.from(y4mHeader(width, height, fps)), frame, frame]))
  return path
}

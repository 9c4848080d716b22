/**
 * How good the mesh swap is: pairs of source picture and clip through tracker, engine and CPU compositor with the default
 * look, judged frame by frame. Runs in Node, on the models and the code of the app.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseCanonicalFace } from '../../models/canonical-face'
import { openNodeFaces } from '../../tests/media/node-faces'
import type { FaceNetworks } from '../../workers/faces/networks'
import { plateOfPixels } from '../../workers/faces/still'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import { MeshSwap } from '../../workers/swap/mesh-swap'
import type { BenchOptions } from '../options'
import { openRecogniser, type Recognise } from './identity'
import { type Pair, pairsFor } from './pairs'
import { cosine, type JudgedFrame, meanChange, type PairScore, scorePair } from './score'
import { drawnMask, largestFace, swapFrame, trackClip } from './swap-clip'

/** The first frames only warm up what works over time; then so many are judged. */
const WARM_UP = 15
const JUDGED = 45
/** Who it is changes slowly: every so many frames are asked. */
const ASKED_EVERY = 3

export async function benchQuality(options: Pick<BenchOptions, 'camera' | 'source'>): Promise<object> {
  const canonicalFile = resolve(import.meta.dirname, '../../public/models/canonical-face.bin')
  const engine = new MeshSwap(parseCanonicalFace(await readFile(canonicalFile)))
  const canonical = parseCanonicalFace(await readFile(canonicalFile))
  const networks = await openNodeFaces()
  const recognise = await openRecogniser()
  const { pairs, note } = pairsFor(canonical, options.source, options.camera)
  const scores: PairScore[] = []
  for (const pair of pairs) {
    scores.push(await judge(pair, engine, networks, recognise))
    console.error(JSON.stringify(scores[scores.length - 1]))
  }
  const notes = [note, recognise ? '' : 'no identity network in ../shared/models: identity not measured']
  return { pairs: scores, mean: meanOf(scores), notes: notes.filter((text) => text !== '') }
}

async function judge(
  pair: Pair,
  engine: MeshSwap,
  networks: FaceNetworks,
  recognise: Recognise | undefined,
): Promise<PairScore> {
  const picture = await pair.picture()
  const landmarks = await largestFace(picture, networks)
  const source = engine.prepare(picture, landmarks)
  const wanted = await recognise?.(picture, landmarks)
  const judged: JudgedFrame[] = []
  const frames = await trackClip(pair.frames(WARM_UP + JUDGED), networks, DEFAULT_LOOK.smoothing)
  const ids = new Set<number>()
  for (const [number, frame] of frames.entries()) {
    const { output, layer } = swapFrame(engine, source, frame, DEFAULT_LOOK)
    if (frame.face) ids.add(frame.face.id)
    if (number < Math.min(WARM_UP, frames.length - JUDGED) || !frame.face || !layer) continue
    const before = await networks.readAgain(plateOfPixels(frame.pixels), frame.face.landmarks)
    const after = await networks.readAgain(plateOfPixels(output), frame.face.landmarks)
    if (!before || !after) continue
    const mask = drawnMask(layer, output)
    const asked = wanted && recognise && judged.length % ASKED_EVERY === 0
    judged.push({
      input: before.landmarks,
      output: after.landmarks,
      identity: asked ? cosine(await recognise(output, after.landmarks), wanted) : undefined,
      identityInput: asked ? cosine(await recognise(frame.pixels, before.landmarks), wanted) : undefined,
      outside: meanChange(frame.pixels, output, (x, y) => mask[y * output.width + x] === 0),
    })
  }
  for (const id of ids) engine.forget(id)
  return scorePair(pair.source, pair.clip, judged)
}

function meanOf(scores: readonly PairScore[]): object {
  const keys = ['identity', 'identityInput', 'landmarkPct', 'outside', 'jitter', 'jitterInput'] as const
  return Object.fromEntries(
    keys.map((key) => {
      const values = scores.map((score) => score[key]).filter((value) => value !== null)
      return [key, values.length > 0 ? round(values.reduce((a, b) => a + b, 0) / values.length) : null]
    }),
  )
}

const round = (value: number): number => Math.round(value * 1000) / 1000

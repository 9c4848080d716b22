/** Our tracker against MediaPipe's FaceLandmarker: the same frames, one after the other, in the same thread. */
import type { FaceLandmarker } from '@mediapipe/tasks-vision'
import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from '../../models/face-regions'
import { LANDMARKS } from '../../models/facemesh'
import { FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { CpuCompositor } from '../../workers/compositor/cpu/cpu-compositor'
import { FaceNetworks } from '../../workers/faces/networks'
import { FaceTracker, LIVE_TRACKING } from '../../workers/faces/tracker'
import { threadCount } from '../../workers/inference/runtime'
import { SeatedModel } from '../../workers/inference/seated-model'
import { loadWeights } from '../../workers/inference/weights'
import { clipFrames } from './clip-frames'
import { headFrames } from './head-frames'

export interface TrackerRun {
  /** A clip; without it the synthetic head. */
  readonly clip: string | undefined
  /** Where tasks-vision's files and its model are; without them ours runs alone. */
  readonly tasksVision: { readonly wasm: string; readonly model: string } | undefined
  readonly frames: number
}

export interface TrackerResult {
  readonly threads: number
  readonly frames: number
  /** Milliseconds of each frame. `ours`: pixels to landmarks; `networks`: detector and mesh alone, as the live stages count. */
  readonly ours: number[]
  readonly networks: number[]
  readonly tasksVision: number[]
  /** Mean distance of our points to theirs, % of the distance of the outer eye corners, per frame. */
  readonly landmarkPct: number[]
}

declare global {
  var runTracker: (run: TrackerRun) => Promise<TrackerResult>
}

globalThis.runTracker = async ({ clip, tasksVision, frames }) => {
  const seat = async (entry: typeof FACE_MESH) =>
    SeatedModel.open(entry, await loadWeights(entry), undefined, undefined)
  using detector = await seat(FACE_DETECTOR)
  using mesh = await seat(FACE_MESH)
  const tracker = new FaceTracker(new FaceNetworks(detector.run, mesh.run), { ...LIVE_TRACKING, limit: 1 })
  using compositor = new CpuCompositor(new OffscreenCanvas(8, 8), new Uint16Array())
  const theirs = tasksVision && (await openLandmarker(tasksVision))
  const result = {
    threads: threadCount(),
    frames: 0,
    ours: [] as number[],
    networks: [] as number[],
    tasksVision: [] as number[],
    landmarkPct: [] as number[],
  }
  for await (const frame of clip ? clipFrames(clip, 25, frames) : headFrames(frames)) {
    result.frames++
    const timeMs = frame.timestamp / 1000
    const theirStart = performance.now()
    const found = theirs?.detectForVideo(frame, timeMs + 1).faceLandmarks[0]
    if (theirs) result.tasksVision.push(performance.now() - theirStart)
    const { displayWidth, displayHeight } = frame

    const ourStart = performance.now()
    let networks = 0
    using plate = await compositor.take(frame)
    const [face] = await tracker.track(plate, timeMs, 0, (_, ms) => {
      networks += ms
    })
    result.ours.push(performance.now() - ourStart)
    result.networks.push(networks)
    if (found && face)
      result.landmarkPct.push(distancePct(face.landmarks, found, displayWidth, displayHeight))
  }
  theirs?.close()
  return result
}

async function openLandmarker({ wasm, model }: { wasm: string; model: string }): Promise<FaceLandmarker> {
  const { FaceLandmarker, FilesetResolver } = await import('@mediapipe/tasks-vision')
  return FaceLandmarker.createFromOptions(await FilesetResolver.forVisionTasks(wasm), {
    baseOptions: { modelAssetPath: model, delegate: 'CPU' },
    runningMode: 'VIDEO',
    numFaces: 1,
  })
}

function distancePct(
  ours: Float32Array,
  theirs: readonly { readonly x: number; readonly y: number }[],
  width: number,
  height: number,
): number {
  const at = (i: number) => [ours[3 * i] ?? 0, ours[3 * i + 1] ?? 0] as const
  const [ax, ay] = at(LEFT_EYE_OUTER_CORNER)
  const [bx, by] = at(RIGHT_EYE_OUTER_CORNER)
  let sum = 0
  for (let i = 0; i < LANDMARKS; i++) {
    const [x, y] = at(i)
    const other = theirs[i]
    if (other) sum += Math.hypot(x - other.x * width, y - other.y * height)
  }
  return (100 * sum) / LANDMARKS / Math.hypot(ax - bx, ay - by)
}

import type { Expression } from './expression'
import { gauss, smoothstep } from './noise'

/** After this long the head is exactly where it began. */
export const LOOP_MS = 10_000

/** Where a head is and what its face does at one moment. */
export interface HeadPose {
  /** Radians: turned to the picture's right, up, and tilted clockwise in the picture. */
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  /** cm from the middle of the picture: right, up, towards the camera. */
  readonly x: number
  readonly y: number
  readonly z: number
  /** Radians the eyes are turned from straight ahead of the face: to the picture's right, up. */
  readonly gazeX: number
  readonly gazeY: number
  readonly expression: Expression
}

/** Facing the camera, at ease. */
export const AT_REST: HeadPose = {
  yaw: 0,
  pitch: 0,
  roll: 0,
  x: 0,
  y: 0,
  z: 0,
  gazeX: 0,
  gazeY: 0,
  expression: { jaw: 0, wide: 0, smile: 0.25, blinkRight: 0, blinkLeft: 0, brows: 0 },
}

/** When the eyes close, ms into the loop. */
const BLINKS = [1150, 3900, 4250, 6800, 9100]
/** Syllables: when (ms), how far the jaw opens (cm) and how the lips are spread. */
const SYLLABLES: readonly (readonly [at: number, jaw: number, wide: number])[] = [
  [500, 0.7, 0.3], [760, 0.45, -0.5], [1010, 0.95, 0.1], [1290, 0.35, 0.5], [1520, 0.75, -0.2],
  [1780, 0.5, -0.7], [2060, 1.1, 0.2], [2330, 0.4, 0.4], [3100, 0.8, -0.3], [3340, 0.5, 0.5],
  [3600, 1.0, 0], [3850, 0.3, -0.8], [4110, 0.7, 0.3], [4400, 0.55, 0.1], [5600, 0.4, 0.6],
  [5830, 0.9, -0.1], [6090, 0.6, -0.6], [6360, 1.2, 0.3], [6640, 0.45, 0.2], [6900, 0.75, -0.4],
  [7180, 0.5, 0.5], [7420, 0.85, 0], [8300, 0.6, -0.5], [8560, 0.9, 0.4], [8820, 0.4, 0.1],
] // biome-ignore format: a score reads best in rows

/** The talking head's score: the same for the same time, and the same again every LOOP_MS. */
export function headPose(timeMs: number): HeadPose {
  const now = ((timeMs % LOOP_MS) + LOOP_MS) % LOOP_MS
  /** A swing of whole cycles per loop. */
  const swing = (cycles: number, phase: number): number =>
    Math.sin(2 * Math.PI * ((cycles * now) / LOOP_MS + phase))
  const since = (at: number): number => {
    const gap = now - at
    return gap > LOOP_MS / 2 ? gap - LOOP_MS : gap < -LOOP_MS / 2 ? gap + LOOP_MS : gap
  }
  let blink = 0
  for (const at of BLINKS) {
    const t = since(at) // closes within 80 ms, opens within 170
    blink = Math.max(blink, t < 0 ? smoothstep(-80, 0, t) : smoothstep(170, 30, t))
  }
  let jaw = 0
  let wide = 0
  for (const [at, open, spread] of SYLLABLES) {
    const t = gauss(since(at) / 75)
    jaw = Math.max(jaw, open * t)
    wide += spread * t
  }
  const yaw = 0.15 * swing(1, 0.02) + 0.055 * swing(3, 0.3) + 0.012 * swing(11, 0.1)
  const pitch = 0.05 * swing(2, 0.4) + 0.025 * swing(5, 0.15) + 0.02 * (jaw - 0.3)
  const smile = smoothstep(0.2, 0.9, swing(1, 0.55)) * 0.5 + 0.18
  const glance = smoothstep(0.85, 1, swing(2, 0.62)) * 0.22
  return {
    yaw,
    pitch,
    roll: 0.05 * swing(1, 0.35) + 0.02 * swing(4, 0.7),
    x: 1.1 * swing(1, 0.1) + 0.25 * swing(3, 0.5),
    y: 0.4 * swing(2, 0.8) + 0.12 * swing(7, 0.2),
    z: 1.6 * swing(1, 0.75) + 0.4 * swing(3, 0.9),
    // The eyes hold the camera while the head moves, but for a glance aside now and then.
    gazeX: -0.8 * yaw + glance,
    gazeY: -0.8 * pitch - 0.02 + 0.25 * glance,
    expression: {
      jaw,
      wide: Math.max(-1, Math.min(1, wide)),
      smile: smile * (1 - 0.4 * Math.min(1, jaw)),
      blinkRight: blink,
      blinkLeft: blink,
      brows: 0.35 * swing(3, 0.6) + 0.25 * swing(7, 0.1),
    },
  }
}

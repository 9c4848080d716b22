/** How fast this device swaps clips: measured on its own jobs, guessed from what the studio measured until then. */
import type { Capabilities } from '../../workers/studio/studio-api'

const KEY = 'understudy.clip-speed'
const VGA = 640 * 480
/** Decoding, encoding and reading back a 640×480 frame without help from a graphics card, on the machine this was written on. */
const CODECS_MS = 14

/** Half of a frame's time is looking for faces, whatever its size; the other half grows with its pixels. */
const weight = (pixels: number) => 0.5 + (0.5 * pixels) / VGA

/** Seconds for so many frames of this size. */
export function estimateSeconds(
  frames: number,
  pixels: number,
  capabilities: Capabilities | undefined,
): number {
  return (frames * (measuredMs() ?? guessedMs(capabilities)) * weight(pixels)) / 1000
}

/** Learns from a job that runs at this rate. */
export function learnSpeed(fps: number, pixels: number): void {
  if (!(fps > 0.1)) return
  try {
    localStorage.setItem(KEY, String(1000 / fps / weight(pixels)))
  } catch {
    // storage is off: the guess has to do
  }
}

/** Milliseconds per 640×480 frame. */
function measuredMs(): number | undefined {
  try {
    const known = Number(localStorage.getItem(KEY))
    return known > 0 && Number.isFinite(known) ? known : undefined
  } catch {
    return undefined // storage is off
  }
}

function guessedMs(capabilities: Capabilities | undefined): number {
  if (!capabilities) return 40
  const { compositorMs, compositor, models } = capabilities
  const networks = models.reduce((sum, { provider, measuredMs }) => sum + (measuredMs[provider] ?? 5), 0)
  return CODECS_MS + (compositorMs[compositor] ?? 10) + networks
}

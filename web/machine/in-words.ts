import type { CameraState } from '../camera/camera'
import { wordsFor } from '../words/errors'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Three digits are enough: 1.46 GB, 12.3 MB, 870 kB. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${UNITS[power]}`
}

export function cameraInWords(state: CameraState, known: number): string {
  if (state.name === 'open') {
    const { label, width, height, fps } = state.camera
    return `${label || 'Open'}, ${width} × ${height} at ${Math.round(fps)} fps`
  }
  if (state.name === 'failed') return wordsFor(state.error.name, state.error.message).title
  if (state.name === 'lost') return wordsFor('CameraLostError').title
  if (state.name === 'opening') return 'Being opened'
  return known > 0 ? 'Off' : 'Off, none seen yet'
}

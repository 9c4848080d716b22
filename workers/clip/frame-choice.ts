import type { ClipSettings, Span } from './clip-job'

/** When one frame is shown, seconds. */
export interface Shown {
  readonly timeS: number
  readonly durationS: number
}

/** A frame of the result, and where it is among the clip's. */
export interface Wanted extends Shown {
  /** Its place among the frames that are read for the result. */
  readonly place: number
}

/** Closer than any two frames. */
const EPSILON_S = 1e-6

/** What has to be read of the clip; undefined is all of it. */
export const spanToRead = ({ span, outside }: ClipSettings): Span | undefined =>
  outside === 'keep' ? undefined : span

/** Whether faces are swapped in a frame; otherwise it stays as it was filmed. */
export function isSwapped({ timeS, durationS }: Shown, { span, outside }: ClipSettings): boolean {
  if (span === undefined || outside === 'cut') return true
  return timeS + durationS > span.fromS + EPSILON_S && timeS < span.toS - EPSILON_S
}

/** Which frames the result has: all of those read, or for a gif as many as its rate asks for. */
export function wantedFrames(schedule: readonly Shown[], { output }: Pick<ClipSettings, 'output'>): Wanted[] {
  const all = schedule.map(({ timeS, durationS }, place) => ({ timeS, durationS, place }))
  return output.kind === 'gif' ? thinned(all, output.fps) : all
}

/** The frame shown at each beat, once; it stays until the next one. */
function thinned(frames: readonly Wanted[], fps: number): Wanted[] {
  const [first, last] = [frames[0], frames.at(-1)]
  if (!first || !last) return []
  const endS = last.timeS + last.durationS
  const kept: Wanted[] = []
  let at = 0
  for (let beat = 0; ; beat++) {
    const beatS = first.timeS + beat / fps
    if (beatS >= endS - EPSILON_S) break
    while ((frames[at + 1]?.timeS ?? Number.POSITIVE_INFINITY) <= beatS + EPSILON_S) at++
    const shown = frames[at]
    if (shown && shown !== kept.at(-1)) kept.push(shown)
  }
  return kept.map((frame, i) => ({ ...frame, durationS: (kept[i + 1]?.timeS ?? endS) - frame.timeS }))
}

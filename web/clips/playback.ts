import type { ClipInfo } from '../../workers/media/clip-info'
import type { Bin } from './bin'
import { NO_MARKS } from './draft'
import type { Viewer } from './viewer'

/** Going through the clip on the stage, and marking a part of it. */
export function createPlayback(bin: Bin, viewer: Viewer, complain: (error: unknown) => void) {
  const { state } = viewer
  const info = (): ClipInfo | undefined =>
    state.phase.name === 'open' && state.phase.opened.kind === 'clip' ? state.phase.opened.info : undefined
  const frameS = ({ video }: ClipInfo) => 1 / Math.max(1, video.fps)

  /** What the playhead shows: the moment that was asked for, until its picture is there. */
  const playhead = () => (state.isPlaying ? state.shownS : state.wantedS)

  const scrub = (timeS: number) => {
    const clip = info()
    if (clip) viewer.seek(Math.min(clip.toS - frameS(clip) / 2, Math.max(clip.fromS, timeS)))
  }

  /** Frames are stepped from the one that is shown, so that none is passed over where their rate varies. */
  const stepBy = ({ frames = 0, seconds = 0 }: { readonly frames?: number; readonly seconds?: number }) => {
    const clip = info()
    if (!clip) return
    if (frames === 0) return scrub(playhead() + seconds)
    // Half a frame further: where a frame begins is no number that a sum of floats would meet.
    const half = frameS(clip) / 2
    const arrived = Math.abs(state.wantedS - state.shownS) <= 2 * half
    scrub((arrived ? state.shownS + half : state.wantedS) + frames * frameS(clip))
  }

  const toggle = async () => {
    const clip = info()
    if (!clip) return
    if (state.isPlaying) return viewer.pause()
    const { marks = NO_MARKS } = bin.current() ?? {}
    const [fromS, toS] = [marks.inS ?? clip.fromS, marks.outS ?? clip.toS]
    const isInside = playhead() >= fromS && playhead() < toS - 2 * frameS(clip)
    await viewer.play(isInside ? playhead() : fromS, toS)
  }

  const mark = (inS: number | undefined, outS: number | undefined) =>
    bin.set(bin.state.currentId, { marks: { inS, outS } })
  /** The part begins here: at least one frame before its end. At the clip's own end there is no mark. */
  const setIn = (timeS: number) => {
    const clip = info()
    if (!clip) return
    const { outS } = bin.current()?.marks ?? NO_MARKS
    const latest = (outS ?? clip.toS) - frameS(clip)
    const inS = Math.min(latest, Math.max(clip.fromS, timeS))
    mark(inS <= clip.fromS + frameS(clip) / 4 ? undefined : inS, outS)
  }
  const setOut = (timeS: number) => {
    const clip = info()
    if (!clip) return
    const { inS } = bin.current()?.marks ?? NO_MARKS
    const earliest = (inS ?? clip.fromS) + frameS(clip)
    const outS = Math.max(earliest, Math.min(clip.toS, timeS))
    mark(inS, outS >= clip.toS - frameS(clip) / 4 ? undefined : outS)
  }

  return {
    /** Of the clip on the stage; undefined while there is none, or a still. */
    info,
    playhead,
    scrub,
    stepBy,
    toStart: () => scrub(bin.current()?.marks.inS ?? info()?.fromS ?? 0),
    toEnd: () => {
      const clip = info()
      if (clip) scrub((bin.current()?.marks.outS ?? clip.toS) - frameS(clip) / 2)
    },
    togglePlay: () => void toggle().catch(complain),
    setIn,
    setOut,
    /** The frame that is shown is the first one. */
    beginHere: () => setIn(playhead()),
    /** The frame that is shown is the last one. */
    endHere: () => {
      const clip = info()
      if (clip) setOut(playhead() + frameS(clip))
    },
    clearMarks: () => mark(undefined, undefined),
  }
}

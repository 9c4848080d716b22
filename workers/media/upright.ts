import type { Moment } from './schedule'

/** The same picture with this moment's timestamp. Takes the frame over. */
export function stamped(frame: VideoFrame, { timeS, durationS }: Moment): VideoFrame {
  try {
    return new VideoFrame(frame, {
      timestamp: Math.round(timeS * 1e6),
      duration: Math.round(durationS * 1e6),
    })
  } finally {
    frame.close()
  }
}

import { FrameClock } from '../studio/latency'
import type { HeardPiece, SoundFeed } from './recorder-api'
import type { Channels } from './sound-line'

/** Sound and when its first sample was heard: milliseconds since 1970, on the clock all threads of the page share. */
export interface TimedPiece {
  readonly channels: Channels
  readonly sampleRate: number // Hz
  readonly timeMs: number
}

/** Hands over piece after piece until the feed ends or the signal aborts. */
export async function listen(
  { pieces }: SoundFeed,
  onPiece: (piece: TimedPiece) => void,
  signal: AbortSignal,
): Promise<void> {
  const clock = new FrameClock()
  const heard = ({ channels, sampleRate, timestampUs }: HeardPiece) => {
    // The fastest delivery comes right after the piece's last sample.
    const endMs = performance.timeOrigin + clock.dueMs(timestampUs, performance.now())
    const lengthMs = ((channels[0]?.length ?? 0) / sampleRate) * 1000
    onPiece({ channels, sampleRate, timeMs: endMs - lengthMs })
  }
  if (pieces instanceof MessagePort) {
    pieces.onmessage = ({ data }: MessageEvent<HeardPiece>) => heard(data)
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    pieces.close()
    return
  }
  const reader = pieces.getReader()
  const cancel = () => void reader.cancel().catch(() => undefined) // a stream that failed already cannot be cancelled
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard(read(value))
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Takes the data over. */
function read(data: AudioData): HeardPiece {
  const { numberOfChannels, numberOfFrames, sampleRate, timestamp } = data
  const channels = Array.from({ length: numberOfChannels }, (_, planeIndex) => {
    const channel = new Float32Array(numberOfFrames)
    data.copyTo(channel, { planeIndex, format: 'f32-planar' })
    return channel
  })
  data.close()
  return { channels, sampleRate, timestampUs: timestamp }
}

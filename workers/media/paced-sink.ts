import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack, VideoSampleSink } from 'mediabunny'

/** How many packets the decoder may be ahead of a consumer that is busy. */
const AHEAD = 6
/** Beyond that, a waiting consumer gets one more packet decoded after this long: decoders that reorder need several. */
const NUDGE_MS = 2

/** How far the decoder is ahead of whoever takes the frames. */
export class Pace {
  #ahead = 0
  #isWaiting = false
  #changed: (() => void) | undefined

  /** The consumer has asked for a frame and has nothing to do until it comes. */
  waits(): void {
    this.#isWaiting = true
    this.#changed?.()
  }

  took(): void {
    this.#isWaiting = false
    this.#ahead--
    this.#changed?.()
  }

  /** Settles when one more packet may be decoded. */
  async mayFeed(): Promise<void> {
    while (this.#ahead >= AHEAD) {
      const changed = new Promise<void>((resolve) => {
        this.#changed = resolve
      })
      if (!this.#isWaiting) {
        await changed
        continue
      }
      const nudge = new Promise<'nudge'>((resolve) => setTimeout(resolve, NUDGE_MS, 'nudge'))
      if ((await Promise.race([changed, nudge])) === 'nudge' && this.#isWaiting) break
    }
    this.#ahead++
  }

  /** Nobody takes frames any more: whoever waits in mayFeed goes on. */
  end(): void {
    this.#ahead = Number.NEGATIVE_INFINITY
    this.#changed?.()
  }
}

/**
 * A sink that decodes only a few frames ahead. mediabunny's own hands the decoder up to 40 packets at once, and as many
 * decoded frames may pile up: half a gigabyte in 4K. It asks `_createPacketSink` for its packets, which its type
 * declarations keep quiet about; should that change, frames stay right and only the limit is gone (there is a test).
 */
export class PacedSink extends VideoSampleSink {
  readonly #track: InputVideoTrack
  readonly #pace: Pace

  constructor(track: InputVideoTrack, pace: Pace) {
    super(track)
    this.#track = track
    this.#pace = pace
  }

  protected _createPacketSink(): EncodedPacketSink {
    return new PacedPackets(this.#track, this.#pace)
  }
}

class PacedPackets extends EncodedPacketSink {
  readonly #pace: Pace

  constructor(track: InputVideoTrack, pace: Pace) {
    super(track)
    this.#pace = pace
  }

  override async *packets(
    ...from: Parameters<EncodedPacketSink['packets']>
  ): AsyncGenerator<EncodedPacket, void, unknown> {
    for await (const packet of super.packets(...from)) {
      await this.#pace.mayFeed()
      // mediabunny would merge alpha in threads made of blobs, which our security headers forbid: clips are opaque here.
      yield packet.sideData.alpha ? packet.clone({ sideData: {} }) : packet
    }
  }
}

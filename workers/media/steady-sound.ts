import { type AudioSample, AudioSampleSink, type InputAudioTrack } from 'mediabunny'

/** Sound without gaps: each block begins where the one before ended. */
export interface SoundBlock {
  readonly rate: number // frames per second
  /** Where it begins, in frames after the origin. */
  readonly frame: number
  /** One array per channel, in the order of WebCodecs. */
  readonly planes: readonly Float32Array<ArrayBuffer>[]
}

export interface SoundSpan {
  /** What becomes 0; what lies before it is left out. Seconds on the track's clock. */
  readonly originS: number
  readonly endS: number
  /** Added to the track's times to get the moment a decoder's output belongs to. */
  readonly delayS: number
}

/** Clocks of microphones and of containers that count milliseconds waver by this much; it is no gap. */
const WAVER_S = 0.02
/** Decoders need to hear a little of what came before; it is cut away again. */
const LEAD_S = 0.1
/** After damaged packets decoding is taken up this much later. */
const SKIP_S = 0.1

/**
 * A track's sound, decoded and laid out on one time line: gaps become silence, what overlaps is cut. Damaged parts become
 * silence too; `onDamage` hears of the first one.
 */
export async function* steadySound(
  track: InputAudioTrack,
  { originS, endS, delayS }: SoundSpan,
  onDamage: (detail: string) => void,
  signal: AbortSignal,
): AsyncGenerator<SoundBlock, void, void> {
  const line = new Line(originS, endS, delayS)
  // A Vorbis decoder that starts half way gives its sound the time of the packet before.
  const isVorbis = (await track.getCodec()) === 'vorbis'
  let fromS = isVorbis ? Number.NEGATIVE_INFINITY : originS - delayS - LEAD_S
  let damaged = false
  for (;;) {
    try {
      for await (const sample of new AudioSampleSink(track).samples(fromS, endS - delayS)) {
        using _ = sample
        signal.throwIfAborted()
        fromS = Math.max(fromS, sample.timestamp + sample.duration)
        yield* line.take(sample)
      }
      return
    } catch (error) {
      if (signal.aborted) throw error
      if (!damaged) onDamage(error instanceof Error ? error.message : String(error))
      damaged = true
      // A sink that fails at the very end, or again and again, comes to an end as well.
      fromS += SKIP_S
      if (!(fromS < (await track.computeDuration({ skipLiveWait: true })))) return
    }
  }
}

class Line {
  readonly #originS: number
  readonly #endS: number
  readonly #delayS: number
  #rate = 0
  #channels = 0
  #next: number | undefined

  constructor(originS: number, endS: number, delayS: number) {
    this.#originS = originS
    this.#endS = endS
    this.#delayS = delayS
  }

  *take(sample: AudioSample): Generator<SoundBlock, void, void> {
    this.#rate ||= sample.sampleRate
    this.#channels ||= sample.numberOfChannels
    if (sample.sampleRate !== this.#rate) throw new Error('The sound changes its rate half way.')
    const startsAt = Math.round((sample.timestamp + this.#delayS - this.#originS) * this.#rate)
    const waver = Math.round(WAVER_S * this.#rate)
    if (this.#next !== undefined && startsAt - this.#next > waver) {
      yield* this.#silence(startsAt - this.#next)
    }
    // In step with what came before, or with the clock where that is far off.
    const isInStep = this.#next !== undefined && Math.abs(startsAt - this.#next) <= waver
    const at = isInStep ? (this.#next ?? startsAt) : startsAt
    const cut = Math.max(0, -at, (this.#next ?? at) - at)
    const end = Math.round((this.#endS - this.#originS) * this.#rate)
    const frames = Math.min(sample.numberOfFrames, end - at) - cut
    if (!(frames > 0)) return
    const planes = Array.from({ length: this.#channels }, (_, channel) => {
      const plane = new Float32Array(frames)
      const planeIndex = Math.min(channel, sample.numberOfChannels - 1)
      sample.copyTo(plane, { planeIndex, format: 'f32-planar', frameOffset: cut, frameCount: frames })
      return plane
    })
    yield { rate: this.#rate, frame: at + cut, planes }
    this.#next = at + cut + frames
  }

  *#silence(frames: number): Generator<SoundBlock, void, void> {
    for (let left = frames; left > 0; ) {
      const length = Math.min(left, this.#rate)
      const planes = Array.from({ length: this.#channels }, () => new Float32Array(length))
      yield { rate: this.#rate, frame: this.#next ?? 0, planes }
      this.#next = (this.#next ?? 0) + length
      left -= length
    }
  }
}

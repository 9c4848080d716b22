/** A correction begins when sound and clock are this far apart, and ends when they are close again. */
const DRIFT_S = 0.005
const ALIGNED_S = 0.001
/** Further apart than this it was no drift: sound is missing, or came twice. */
const BROKEN_S = 0.12
/** How much faster or slower sound may run while it is corrected: three cents, which nobody hears. */
const STRETCH = 0.002
/** Seconds until a lasting difference is believed. */
const SETTLE_S = 0.5

/** Sound, one array per channel. */
export type Channels = readonly Float32Array<ArrayBuffer>[]

export interface SoundPiece {
  readonly channels: Channels
  readonly sampleRate: number // Hz
}

/**
 * Lays pieces of sound on a line of samples without gaps, so that each is heard when it was spoken, also after hours. The
 * clock of a microphone is never quite that of the picture: small differences are taken up by running a trace faster or
 * slower, large ones are filled with silence or cut.
 */
export class SoundLine {
  readonly #sampleRate: number
  readonly #channels: number
  #end = 0 // samples on the line
  #apartS = 0 // the sound's own time minus its place on the line, smoothed
  #correcting = false
  #isJoined = false // the line ends with the sound itself

  constructor(sampleRate: number, channels: number) {
    this.#sampleRate = sampleRate
    this.#channels = channels
  }

  /** Where the line ends, seconds. */
  get endS(): number {
    return this.#end / this.#sampleRate
  }

  /** What follows on the line for a piece whose first sample was heard at `timeS`; empty when all of it is too early. */
  add(sound: SoundPiece, timeS: number): Channels {
    const piece = this.#conform(sound)
    const length = piece[0]?.length ?? 0
    const apartS = timeS - this.endS
    if (!this.#isJoined || Math.abs(apartS) > BROKEN_S) return this.#rejoin(piece, apartS)
    this.#apartS += (apartS - this.#apartS) * Math.min(1, length / this.#sampleRate / SETTLE_S)
    if (Math.abs(this.#apartS) > DRIFT_S) this.#correcting = true
    else if (Math.abs(this.#apartS) < ALIGNED_S) this.#correcting = false
    return this.#append(this.#correcting ? this.#stretched(piece, length) : piece)
  }

  /** Silence up to this moment; nothing where the line already reaches it. */
  silenceTo(timeS: number): Channels | undefined {
    const missing = Math.round((timeS - this.endS) * this.#sampleRate)
    if (missing <= 0) return undefined
    this.#isJoined = false
    return this.#append(Array.from({ length: this.#channels }, () => new Float32Array(missing)))
  }

  /** The line's own rate and number of channels, whatever a device changed to. */
  #conform({ channels, sampleRate }: SoundPiece): Channels {
    const length = Math.round(((channels[0]?.length ?? 0) * this.#sampleRate) / sampleRate)
    return Array.from({ length: this.#channels }, (_, i) => {
      const channel = channels[i] ?? channels[0] ?? new Float32Array(length)
      return channel.length === length ? channel : resampled(channel, length)
    })
  }

  #append(piece: Channels): Channels {
    this.#end += piece[0]?.length ?? 0
    return piece
  }

  /** Fills what is missing before the piece, or cuts what the line already has. */
  #rejoin(piece: Channels, apartS: number): Channels {
    const apart = Math.round(apartS * this.#sampleRate)
    this.#apartS = 0
    this.#correcting = false
    this.#isJoined = -apart < (piece[0]?.length ?? 0)
    if (apart <= 0) return this.#append(piece.map((channel) => channel.slice(-apart)))
    return this.#append(
      piece.map((channel) => {
        const joined = new Float32Array(apart + channel.length)
        joined.set(channel, apart)
        return joined
      }),
    )
  }

  /** The piece with a few samples more or fewer. */
  #stretched(piece: Channels, length: number): Channels {
    const most = Math.max(1, Math.round(length * STRETCH))
    const by = Math.min(most, Math.max(-most, Math.round(this.#apartS * this.#sampleRate)))
    this.#apartS -= by / this.#sampleRate
    return piece.map((channel) => resampled(channel, length + by))
  }
}

/** The same sound with another number of samples. First and last sample stay, so that pieces go on joining. */
function resampled(from: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const to = new Float32Array(length)
  const step = (from.length - 1) / Math.max(1, length - 1)
  for (let i = 0; i < length; i++) {
    const at = i * step
    const left = Math.min(Math.floor(at), from.length - 1)
    const a = from[left] ?? 0
    to[i] = a + (at - left) * ((from[left + 1] ?? a) - a)
  }
  return to
}

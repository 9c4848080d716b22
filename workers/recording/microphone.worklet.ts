/** In the audio thread of browsers without MediaStreamTrackProcessor: hands what a microphone hears to the recorder. */
import type { HeardPiece } from './recorder-api'

/** Blocks of 128 samples are gathered to pieces of this many: about 21 ms. */
const PIECE = 1024

// What an audio thread has and TypeScript's worker library does not know.
declare const sampleRate: number
declare const currentFrame: number
declare class AudioWorkletProcessor {}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor & Processor): void

interface Processor {
  readonly port: MessagePort
  process(inputs: readonly (readonly Float32Array[])[]): boolean
}

class Microphone extends AudioWorkletProcessor implements Processor {
  declare readonly port: MessagePort
  #to: MessagePort | undefined
  #channels: Float32Array<ArrayBuffer>[] = []
  #filled = 0

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => {
      this.#to = data
    }
  }

  /** One block of one input; nothing is sent on as output. */
  process([input = []]: readonly (readonly Float32Array[])[]): boolean {
    const length = input[0]?.length ?? 0
    if (length === 0) return true
    if (this.#channels.length !== input.length) {
      this.#filled = 0
      this.#channels = input.map(() => new Float32Array(PIECE))
    }
    for (const [i, block] of input.entries()) this.#channels[i]?.set(block, this.#filled)
    this.#filled += length
    if (this.#filled < PIECE) return true
    const endFrame = currentFrame + length
    const piece: HeardPiece = {
      channels: this.#channels,
      sampleRate,
      timestampUs: ((endFrame - PIECE) / sampleRate) * 1e6,
    }
    this.#to?.postMessage(
      piece,
      this.#channels.map(({ buffer }) => buffer),
    )
    this.#channels = input.map(() => new Float32Array(PIECE))
    this.#filled = 0
    return true
  }
}

registerProcessor('microphone', Microphone)

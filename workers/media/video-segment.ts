import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny'
import type { Pixels } from '../../models/pixels'
import { namedError } from '../rpc/named-error'
import { type FileWriter, fileTarget, openFileWriter } from './file-writer'
import { I420Converter } from './i420'
import type { SegmentWriter } from './segment-writer'
import type { VideoOutput } from './video-encoding'

/** In a segment's file frame n is shown at n / 30 s: times are the schedule's business. */
export const SEGMENT_FPS = 30

/** Frames that may wait before the encoder. */
const QUEUE = 3

/**
 * A part of a clip by an encoder of its own, in a small mp4 of its own: it begins with a key frame and needs nothing from the
 * part before. `finishVideo` joins them.
 */
export async function openVideoSegment(
  file: FileSystemFileHandle,
  { codec, encoder: config }: VideoOutput,
): Promise<SegmentWriter> {
  const writer = await openFileWriter(file)
  try {
    const output = new Output({
      format: new Mp4OutputFormat({ fastStart: false }),
      target: fileTarget(writer),
    })
    const source = new EncodedVideoPacketSource(codec)
    output.addVideoTrack(source, { frameRate: SEGMENT_FPS })
    await output.start()
    return new VideoSegment(writer, output, source, config)
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

class VideoSegment implements SegmentWriter {
  readonly #file: FileWriter
  readonly #output: Output
  readonly #source: EncodedVideoPacketSource
  readonly #encoder: VideoEncoder
  readonly #converter: I420Converter
  /** Rejects when the encoder or the file fails, and never resolves. */
  readonly #failed: Promise<never>
  /** Number of a frame by the timestamp the encoder got, as long as it is at work on it. */
  readonly #inEncoder = new Map<number, number>()
  #written: Promise<void> = Promise.resolve()
  #added = 0
  #packets = 0
  #lastUs = Number.NEGATIVE_INFINITY
  #state: 'open' | 'finished' | 'disposed' = 'open'

  constructor(
    file: FileWriter,
    output: Output,
    source: EncodedVideoPacketSource,
    config: VideoEncoderConfig,
  ) {
    this.#file = file
    this.#output = output
    this.#source = source
    this.#converter = new I420Converter(config.width, config.height)
    const { promise, reject } = withReject()
    this.#failed = promise
    this.#failed.catch(() => {}) // heard by whoever waits; nobody may be
    this.#encoder = new VideoEncoder({
      output: (chunk, meta) => {
        this.#written = this.#written.then(() => this.#write(chunk, meta))
        this.#written.catch(reject)
      },
      error: (error) => reject(encoderError(error.message)),
    })
    this.#encoder.configure({ ...config })
  }

  async add(pixels: Pixels, timeS: number, durationS: number): Promise<void> {
    if (this.#state !== 'open') throw new Error('This segment is closed.')
    if (this.#isBroken()) return this.#failed
    const timestamp = Math.max(Math.round(timeS * 1e6), this.#lastUs + 1)
    this.#lastUs = timestamp
    const frame = this.#converter.frame(pixels, timestamp, Math.round(durationS * 1e6))
    try {
      this.#inEncoder.set(timestamp, this.#added)
      this.#encoder.encode(frame, { keyFrame: this.#added === 0 })
      this.#added++
    } catch (error) {
      throw this.#isBroken() ? await this.#failed.catch((reason) => reason) : error
    } finally {
      frame.close()
    }
    while (this.#encoder.encodeQueueSize > QUEUE) await Promise.race([this.#dequeued(), this.#failed])
    await Promise.race([this.#written, this.#failed])
  }

  async finish(): Promise<void> {
    if (this.#state !== 'open') throw new Error('This segment is closed.')
    await Promise.race([this.#encoder.flush().catch(() => this.#failed), this.#failed])
    await Promise.race([this.#written, this.#failed])
    if (this.#packets !== this.#added)
      throw encoderError(`The encoder gave ${this.#packets} packets for ${this.#added} frames.`)
    this.#encoder.close()
    await this.#output.finalize()
    await this.#file.close()
    this.#state = 'finished'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'disposed'
    if (!this.#isBroken()) this.#encoder.close()
    await this.#written.catch(() => {}) // it has been reported
    await this.#output.cancel().catch(() => {}) // its target may have failed, which has been reported too
    await this.#file.abandon()
  }

  async #write(chunk: EncodedVideoChunk, meta: EncodedVideoChunkMetadata | undefined): Promise<void> {
    const index = this.#inEncoder.get(chunk.timestamp)
    if (index === undefined) throw encoderError('The encoder gave a packet that nobody asked for.')
    this.#inEncoder.delete(chunk.timestamp)
    const data = new Uint8Array(chunk.byteLength)
    chunk.copyTo(data)
    await this.#source.add(new EncodedPacket(data, chunk.type, index / SEGMENT_FPS, 1 / SEGMENT_FPS), meta)
    this.#packets++
  }

  /** The browser closes an encoder that fails. */
  #isBroken(): boolean {
    return this.#encoder.state === 'closed'
  }

  #dequeued(): Promise<void> {
    return new Promise((resolve) =>
      this.#encoder.addEventListener('dequeue', () => resolve(), { once: true }),
    )
  }
}

/** The encoder broke down: its driver did, the browser took it away, or it dropped frames. */
const encoderError = (detail: string): Error => namedError('VideoEncoderError', detail)

function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<never>((_, no) => {
    reject = no
  })
  return { promise, reject }
}

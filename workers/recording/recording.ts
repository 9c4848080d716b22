import { namedError } from '../rpc/named-error'
import { Framer } from './framer'
import { Movie } from './movie'
import type { TappedPicture } from './picture-tap'
import type { RecordingFormat, SoundFeed } from './recorder-api'
import type { RecordingFile } from './recording-file'
import { listen, type TimedPiece } from './sound-feed'
import { type Channels, SoundLine } from './sound-line'
import { VideoLine } from './video-line'

const TICK_MS = 100
/**
 * No picture or no sound for this long (a device was lost, say): the last picture is shown on, silence is laid, so that the
 * other and the file go on.
 */
const STALLED_S = 0.6
/** They reach to this long before now: what is on its way still finds its place. */
const BEFORE_NOW_S = 0.3
/** A thread that did not run for this long was asleep with the machine. That time is left out. */
const ASLEEP_MS = 5000
/** When nothing more comes into the file for this long, an encoder is stuck: better said now than found out later. */
const STUCK_MS = 8000
/** Sound that waits until it is known when the first picture was, in pieces of some milliseconds. */
const EARLY_PIECES = 300

export interface Recorded {
  readonly elapsedS: number
  /** Pictures that are missing because recorder or encoder were behind. */
  readonly dropped: number
}

/** What a recording is written into, made when the first picture is there. */
export type OpenFile = (size: { readonly width: number; readonly height: number }) => Promise<RecordingFile>

/** Pictures and sound of one recording, on one clock, written as they come. */
export class Recording {
  readonly #format: RecordingFormat
  readonly #pictures: MessagePort
  readonly #sound: SoundFeed | undefined
  readonly #openFile: OpenFile
  readonly #life = new AbortController() // aborted: nothing more is taken
  readonly #early: TimedPiece[] = []
  readonly #line: SoundLine | undefined
  #file: RecordingFile | undefined
  #movie: Movie | undefined
  #framer: Framer | undefined
  #video: VideoLine | undefined
  #frames: Promise<unknown> = Promise.resolve()
  #sounds: Promise<unknown> = Promise.resolve()
  #zeroMs = 0 // second 0 of the recording, in milliseconds since 1970; later by whatever was left out
  #tickMs = performance.now()
  #readyMs = Number.POSITIVE_INFINITY // of performance.timeOrigin's clock
  #growth = { bytes: -1, atMs: 0 }
  #passedOver = 0
  #passedOverBefore = 0
  #problem: unknown

  /** Takes port and sound over. */
  constructor(
    format: RecordingFormat,
    pictures: MessagePort,
    sound: SoundFeed | undefined,
    openFile: OpenFile,
  ) {
    this.#format = format
    this.#pictures = pictures
    this.#sound = sound
    this.#openFile = openFile
    this.#line = sound && new SoundLine(sound.sampleRate, sound.channels)
  }

  /** undefined before the first picture. */
  get recorded(): Recorded | undefined {
    if (!this.#video || this.#video.lastS < 0) return undefined
    return { elapsedS: this.#video.lastS, dropped: this.#passedOver + this.#video.dropped }
  }

  /**
   * Records until the signal aborts; resolves when all of it is in the file. Rejects with what ended it before, such as a
   * full storage: everything up to then is in the file.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { signal: ended } = this.#life
    signal.addEventListener('abort', () => this.#life.abort(), { once: true })
    this.#pictures.onmessage = ({ data }: MessageEvent<TappedPicture>) => {
      this.#frames = this.#frames.then(() => this.#picture(data)).catch(this.fail)
    }
    if (this.#sound) void listen(this.#sound, (piece) => this.#heard(piece), ended).catch(this.fail)
    const ticking = setInterval(() => this.#tick(), TICK_MS)
    await new Promise<void>((resolve) => {
      ended.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted || ended.aborted) resolve()
    })
    clearInterval(ticking)
    this.#pictures.close()
    await this.#frames
    if (this.#problem === undefined) await this.#video?.hold(this.#nowS()).catch(this.fail)
    await this.#sounds
    await this.#movie?.end()
    this.#video?.[Symbol.dispose]()
    this.#file?.[Symbol.dispose]()
    if (this.#problem !== undefined) throw this.#problem
  }

  /** Ends it; `run` rejects with the first reason given. */
  readonly fail = (reason: unknown): void => {
    this.#problem ??= reason ?? namedError('RecordingFailedError', 'No reason was given.')
    this.#life.abort()
  }

  async #picture(picture: TappedPicture): Promise<void> {
    const { data, width, height, timeMs, dropped } = picture
    if (this.#life.signal.aborted) return
    let added: Promise<void> | undefined
    if (!this.#movie) await this.#prepare(picture)
    else if (timeMs >= this.#readyMs) {
      this.#video ??= this.#begin(this.#movie, picture)
      this.#passedOver = dropped - this.#passedOverBefore
      const pixels = { width, height, data: new Uint8ClampedArray(data) }
      added = this.#video.add(pixels, (timeMs - this.#zeroMs) / 1000)
    }
    this.#pictures.postMessage(data, [data]) // the studio may use the memory again
    await added
  }

  /** Opens file and encoders. That takes a moment: a later picture will be the first one, so that none is missing after it. */
  async #prepare(size: { readonly width: number; readonly height: number }): Promise<void> {
    const framer = new Framer(size)
    const { width, height } = framer
    this.#framer = framer
    this.#file = await this.#openFile({ width, height })
    const { target } = this.#file
    this.#movie = await Movie.begin({ format: this.#format, width, height, sound: this.#sound, target })
    this.#readyMs = performance.timeOrigin + performance.now()
  }

  #begin(movie: Movie, { timeMs, width, height, dropped }: TappedPicture): VideoLine {
    this.#zeroMs = timeMs
    this.#passedOverBefore = dropped
    const video = new VideoLine(movie, this.#framer ?? new Framer({ width, height }))
    for (const piece of this.#early.splice(0)) this.#heard(piece)
    return video
  }

  #heard(piece: TimedPiece): void {
    if (!this.#line || this.#life.signal.aborted) return
    const { timeMs } = piece
    if (!this.#movie || this.#zeroMs === 0) {
      this.#early.push(piece)
      if (this.#early.length > EARLY_PIECES) this.#early.shift()
      return
    }
    const timeS = (timeMs - this.#zeroMs) / 1000 - this.#movie.soundDelayS
    this.#lay(this.#line, (line) => line.add(piece, timeS))
  }

  #lay(line: SoundLine, lay: (line: SoundLine) => Channels | undefined): void {
    const startS = line.endS
    const laid = lay(line)
    if (!laid) return
    const { sampleRate = 0 } = this.#sound ?? {}
    this.#sounds = this.#sounds.then(() => this.#movie?.addSound(laid, sampleRate, startS)).catch(this.fail)
  }

  #tick(): void {
    const now = performance.now()
    const sinceMs = now - this.#tickMs
    this.#tickMs = now
    const video = this.#video
    if (!video) return
    if (sinceMs > ASLEEP_MS) {
      this.#zeroMs += sinceMs - TICK_MS
      this.#growth = { bytes: -1, atMs: now }
    }
    this.#watch(this.#file?.bytes ?? 0, now)
    // A thread that is late itself has not looked at what came meanwhile.
    if (sinceMs > 3 * TICK_MS) return
    const nowS = this.#nowS()
    const untilS = nowS - BEFORE_NOW_S
    if (this.#line && nowS - this.#line.endS > STALLED_S)
      this.#lay(this.#line, (line) => line.silenceTo(untilS))
    if (nowS - video.lastS > STALLED_S)
      this.#frames = this.#frames.then(() => video.hold(untilS)).catch(this.fail)
  }

  #watch(bytes: number, nowMs: number): void {
    if (bytes !== this.#growth.bytes) this.#growth = { bytes, atMs: nowMs }
    else if (nowMs - this.#growth.atMs > STUCK_MS)
      this.fail(namedError('RecordingFailedError', `Nothing was written for ${STUCK_MS} ms.`))
  }

  #nowS(): number {
    return (performance.timeOrigin + performance.now() - this.#zeroMs) / 1000
  }
}

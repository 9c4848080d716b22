/** What the page may ask of the studio thread, and what it hears back. Types only: both sides import this file. */
import type { Look } from './look'

/** A face found in a still picture. */
export interface FoundFace {
  /** 468 × (x, y, z) in pixels of the picture. */
  readonly landmarks: Float32Array<ArrayBuffer>
  readonly box: Box
  /** Head turn to the side, radians; 0 is frontal. */
  readonly yaw: number
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A face now in the picture. */
export interface SeenFace {
  readonly id: number
  readonly box: Box // 0..1 of the frame, not mirrored
  readonly swapped: boolean
}

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Numbers of the last seconds. Milliseconds unless the name says otherwise. */
export interface Stats {
  readonly fps: number
  /** Since the source was opened. */
  readonly shown: number
  readonly dropped: number
  /** From the moment the camera took the frame (or, where the browser does not tell, the frame's arrival) until it was handed to the display. */
  readonly latencyMs: Percentiles
  readonly stages: Readonly<Record<string, Percentiles>>
  readonly copiesPerFrame: number
  readonly frame: { readonly width: number; readonly height: number }
  readonly engine: string
  readonly compositor: 'webgpu' | 'cpu'
  readonly faces: readonly SeenFace[]
}

/** What the machine can do, as found out by trying. */
export interface Capabilities {
  /** What the measurements hold for: browser, adapter, threads. Others are measured again. */
  readonly key: string
  readonly webgpu: { readonly adapter: string; readonly software: boolean } | undefined
  /** Median milliseconds per 640×480 frame, for each compositor that could be tried. */
  readonly compositorMs: { readonly webgpu?: number; readonly cpu?: number }
  readonly compositor: 'webgpu' | 'cpu'
  readonly threads: number
  readonly models: readonly ModelState[]
}

export interface ModelState {
  readonly id: string
  readonly task: string
  readonly provider: 'wasm' | 'webgpu'
  /** Median milliseconds of one run, for each provider that could be tried. */
  readonly measuredMs: { readonly wasm?: number; readonly webgpu?: number }
}

export type StudioEvent =
  | { readonly name: 'stats'; readonly stats: Stats }
  /** A new canvas is wanted (the old one's kind cannot change): make one and call `show`. */
  | { readonly name: 'canvas-wanted' }
  /** The first frame with a swapped face was handed to the display. */
  | { readonly name: 'first-swap' }
  /** The stream of frames has ended. */
  | { readonly name: 'ended' }
  /** Something a person should know; `notice` is the name of an error or event that web/words knows a sentence for. */
  | { readonly name: 'notice'; readonly notice: string; readonly detail: string }

/** Who the face becomes. */
export interface SourceFace {
  readonly image: ImageBitmap // taken over
  readonly landmarks: Float32Array<ArrayBuffer> // as found by findFaces in this very picture
}

export interface StudioApi {
  /**
   * Loads the models and measures the machine, unless `remembered` holds what was measured on it before. Call once.
   * Rejects with a named Error.
   */
  open(onEvent: (event: StudioEvent) => void, remembered: Capabilities | undefined): Promise<Capabilities>
  /** Presents on this canvas from now on. */
  show(canvas: OffscreenCanvas): Promise<void>
  /** Frames to work on, until the stream ends or another source is fed. Takes over the stream and every frame in it. */
  feed(frames: ReadableStream<VideoFrame> | MessagePort): Promise<void>
  /** No frames any more; the last picture stays. */
  stop(): Promise<void>
  setLook(look: Look): Promise<void>
  /** undefined shows the plate as it is. */
  setSource(source: SourceFace | undefined): Promise<void>
  /** Swap this face when `look.faces` is 'chosen'. */
  chooseFace(id: number): Promise<void>
  /** All faces in a still picture, largest first. Takes the bitmap over. */
  findFaces(image: ImageBitmap): Promise<FoundFace[]>
  /** Hands the pictures shown from now on to a recorder, whose end of the channel this is not; undefined: no more. */
  record(port: MessagePort | undefined): Promise<void>
  /** The picture as last drawn, as PNG. Rejects with an Error named `NothingShownError` before the first. */
  snapshot(): Promise<Blob>
  /** Breaks the GPU device on purpose, to see it recover. */
  loseDevice(): Promise<void>
  close(): Promise<void>
}

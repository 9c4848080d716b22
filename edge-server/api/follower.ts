/** A browser that hears of jobs over a WebSocket, at the speed at which it reads. */
import type { WebSocket } from 'ws'
import type { Preview } from '../jobs/jobs'

export interface Slowness {
  /** With more bytes unsent than this it gets no progress and no preview until it has read; it will hear of the next. */
  readonly slowBytes: number
  /** With more bytes unsent than this it is cut off. */
  readonly deadBytes: number
}

export class Follower {
  readonly #socket: WebSocket
  readonly #slowness: Slowness
  /** What happened before `begin`. */
  #held: (() => void)[] | undefined
  #version = 0
  #alive = true
  #sendsPreview = false
  #nextPreview: Preview | undefined

  /** `waits`: nothing is sent before `begin`. */
  constructor(socket: WebSocket, slowness: Slowness, waits: boolean) {
    this.#socket = socket
    this.#slowness = slowness
    this.#held = waits ? [] : undefined
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('error', () => socket.terminate()) // such as a message that is too large
  }

  /** Sends the full state of its job; what was held back follows. */
  begin(version: number, state: string): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.sendState(version, state)
    for (const send of held) send()
    if (this.#nextPreview) this.sendPreview(this.#nextPreview)
  }

  /** The state of the one job it follows; never an older one after a newer one. */
  sendState(version: number, text: string): void {
    this.#inTurn(() => {
      if (version <= this.#version) return
      this.#version = version
      this.#send(text)
    })
  }

  send(text: string): void {
    this.#inTurn(() => this.#send(text))
  }

  /** May be left out for one that reads slowly: another will follow. */
  sendProgress(text: string): void {
    if (this.#socket.bufferedAmount <= this.#slowness.slowBytes) this.send(text)
  }

  /** One at a time; of those that come meanwhile only the last is sent. */
  sendPreview(preview: Preview): void {
    if (this.#held || this.#sendsPreview || this.#socket.bufferedAmount > this.#slowness.slowBytes) {
      this.#nextPreview = preview
      return
    }
    this.#nextPreview = undefined
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#sendsPreview = true
    this.#socket.send(preview.bytes, { binary: true }, () => {
      this.#sendsPreview = false
      if (this.#nextPreview) this.sendPreview(this.#nextPreview)
    })
  }

  /** Cuts it off if it did not answer since the last beat, else asks whether it is there. */
  beat(): void {
    if (!this.#alive) this.#socket.terminate()
    else if (this.#socket.readyState === this.#socket.OPEN) {
      this.#alive = false
      this.#socket.ping()
    }
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #inTurn(send: () => void): void {
    if (this.#held) this.#held.push(send)
    else send()
  }

  #send(text: string): void {
    if (this.#socket.bufferedAmount > this.#slowness.deadBytes) this.#socket.terminate()
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text)
  }
}

/**
 * The one WebSocket to a box. It is a convenience: what it tells is live and may be lost; the truth is in queue and history.
 * A box that has seen two sockets of one client forgets the newer when the older closes (09_ws_reconnect), so there is never a second one
 * before the first has closed and the box had a moment to notice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { BoxAddress, Limits } from './box-http'
import type { PromptEvent } from './comfy'
import { type Heard, parseBinary, parseMessage } from './messages'

interface Ear {
  event(event: PromptEvent): void
  /** Something happened that makes it worth asking the box: the prompt ended, or the socket came or went. */
  stir(): void
}

const settleMs = 250 // for the box to notice that a socket has closed
const longestWaitMs = 10_000
const pingMs = 20_000
const mostEarly = 64 // events kept for a prompt that nobody follows yet
const mostUnfollowed = 8 // such prompts

export class BoxSocket {
  readonly #address: BoxAddress
  readonly #limits: Limits
  readonly #clientId: string
  readonly #ears = new Map<string, Ear>()
  readonly #early = new Map<string, PromptEvent[]>()
  readonly #life = new AbortController()
  #socket: WebSocket | undefined
  #connecting: Promise<void> | undefined
  /** Which prompt of ours the box is at, for messages that do not say. */
  #running: string | undefined
  #heardMs = 0
  #closedMs = Number.NEGATIVE_INFINITY

  constructor(address: BoxAddress, limits: Limits, clientId: string) {
    this.#address = address
    this.#limits = limits
    this.#clientId = clientId
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }
  /** When the box last said anything here, by performance.now(). */
  get heardMs(): number {
    return this.#heardMs
  }

  /** Waits until it is open, but not long: a prompt runs without it as well. */
  async open(signal: AbortSignal): Promise<void> {
    if (this.isOpen) return
    this.#connect()
    const waiting = new AbortController()
    const patience = sleep(2000, undefined, { signal: AbortSignal.any([signal, waiting.signal]) })
    await Promise.race([this.#connecting, patience]).catch(() => {})
    waiting.abort()
  }

  /** Keeps what is heard of a prompt until somebody follows it. */
  expect(promptId: string): void {
    this.#early.set(promptId, [])
    const [oldest] = this.#early.keys()
    if (this.#early.size > mostUnfollowed && oldest !== undefined) this.#early.delete(oldest)
  }
  forget(promptId: string): void {
    this.#early.delete(promptId)
  }

  hear(promptId: string, ear: Ear): Disposable {
    this.#ears.set(promptId, ear)
    for (const event of this.#early.get(promptId) ?? []) ear.event(event)
    this.#early.delete(promptId)
    if (!this.isOpen) this.#connect()
    return {
      [Symbol.dispose]: () => {
        if (this.#ears.get(promptId) === ear) this.#ears.delete(promptId)
      },
    }
  }

  /** Closes it and opens a new one: it may be one of those that stay silent for good. */
  renew(): void {
    this.#socket?.terminate()
  }

  async close(): Promise<void> {
    this.#life.abort()
    const socket = this.#socket
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.close()
    const timer = setTimeout(() => socket.terminate(), 1000)
    await closed
    clearTimeout(timer)
  }

  /** Connects, again and again while somebody listens. */
  #connect(): void {
    if (this.#connecting || this.#life.signal.aborted) return
    this.#connecting = this.#tryUntilOpen().finally(() => {
      this.#connecting = undefined
    })
    this.#connecting.catch(() => {}) // it was closed meanwhile
  }

  async #tryUntilOpen(): Promise<void> {
    const unsettledMs = this.#closedMs + settleMs - performance.now()
    if (unsettledMs > 0) await sleep(unsettledMs, undefined, { signal: this.#life.signal })
    for (let waitMs = settleMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      if (await this.#tryOnce()) return
      await sleep(waitMs * (0.75 + Math.random() / 2), undefined, { signal: this.#life.signal })
      if (this.#ears.size === 0) return // whoever comes next tries again
    }
  }

  #tryOnce(): Promise<boolean> {
    const { url, authorization } = this.#address
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?clientId=${this.#clientId}`, {
      headers: authorization === undefined ? {} : { Authorization: authorization },
      maxPayload: this.#limits.frameBytes,
      handshakeTimeout: this.#limits.answerMs,
      perMessageDeflate: false,
    })
    this.#socket = socket
    let isAlive = true
    const pinging = setInterval(() => {
      if (!isAlive) socket.terminate()
      isAlive = false
      if (socket.readyState === WebSocket.OPEN) socket.ping()
    }, pingMs)
    return new Promise((resolve) => {
      socket.on('open', () => {
        // Only the very first message may say this (10_previews).
        socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }))
        resolve(true)
        this.#stirAll()
      })
      socket.on('pong', () => {
        isAlive = true
      })
      socket.on('message', (data, isBinary) => {
        isAlive = true
        this.#take(data as Buffer, isBinary) // as ws gives them unless told otherwise
      })
      socket.on('error', () => {}) // 'close' follows
      socket.on('close', () => {
        clearInterval(pinging)
        this.#socket = undefined
        this.#closedMs = performance.now()
        this.#running = undefined
        resolve(false)
        this.#stirAll()
        if (this.#ears.size > 0) this.#connect()
      })
    })
  }

  #stirAll(): void {
    for (const ear of this.#ears.values()) ear.stir()
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#heardMs = performance.now()
    let heard: Heard | undefined
    try {
      heard = isBinary ? parseBinary(data) : parseMessage(data.toString())
    } catch {
      return // not what ComfyUI says; what it means will be seen in queue and history
    }
    if (!heard) return
    const promptId = heard.promptId ?? this.#running ?? this.#only()
    if (promptId === undefined) return
    const { event } = heard
    if (heard.promptId !== undefined)
      this.#running = event.kind === 'ended' ? undefined : this.#ours(promptId)
    const ear = this.#ears.get(promptId)
    if (event.kind === 'ended') ear?.stir()
    else if (ear) ear.event(event)
    else {
      const early = this.#early.get(promptId)
      if (early && early.length < mostEarly) early.push(event)
    }
  }

  /** Prompts without a client are told to everybody (08_two_clients). */
  #ours(promptId: string): string | undefined {
    return this.#ears.has(promptId) || this.#early.has(promptId) ? promptId : undefined
  }

  #only(): string | undefined {
    const [first, second] = this.#ears.keys()
    return second === undefined ? first : undefined
  }
}

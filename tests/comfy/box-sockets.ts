/** The stand-in's table of WebSockets, with the ways of the real one: who hears what, and who is forgotten when. */
import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Version } from './prompt-problems'

export class BoxSockets {
  readonly #version: Version
  readonly #all = new Set<WebSocket>()
  /** Who is reached under a client id. */
  readonly #byId = new Map<string, WebSocket>()
  readonly #wantsMetadata = new Set<string>()
  /** The client and the node of what runs now; told to a client that comes back (09_ws_reconnect). */
  running: { readonly clientId: string | undefined; readonly nodeId: string } | undefined

  constructor(version: Version) {
    this.#version = version
  }

  get count(): number {
    return this.#all.size
  }

  add(socket: WebSocket, clientId: string | undefined, remaining: number): void {
    // 08_two_clients: without a client id the server mints one, and tells it in the first status.
    const sid = clientId || randomUUID().replaceAll('-', '')
    this.#all.add(socket)
    this.#byId.set(sid, socket)
    this.#wantsMetadata.delete(sid)
    this.#sendTo(socket, 'status', { status: { exec_info: { queue_remaining: remaining } }, sid })
    // 09_ws_reconnect: the node that runs, without its prompt's id; nothing else is told again.
    if (this.running?.clientId === sid) this.#sendTo(socket, 'executing', { node: this.running.nodeId })
    let isFirst = true
    socket.on('message', (data) => {
      // 10_previews: flags count only as the very first message.
      if (isFirst && readType(String(data)) === 'feature_flags') {
        this.#wantsMetadata.add(sid)
        this.#sendTo(socket, 'feature_flags', features(this.#version))
      }
      isFirst = false
    })
    socket.on('error', () => {}) // what a client sends wrong closes its socket
    socket.on('close', () => {
      this.#all.delete(socket)
      // 09_ws_reconnect: whoever closes takes the id with it, even where a newer socket has taken it over.
      this.#byId.delete(sid)
    })
  }

  /** To one client, where it is connected; to everybody where there is no client id (08_two_clients). */
  send(type: string, data: unknown, clientId: string | undefined): void {
    for (const [, socket] of this.#listeners(clientId)) this.#sendTo(socket, type, data)
  }

  status(remaining: number): void {
    this.send('status', { status: { exec_info: { queue_remaining: remaining } } }, undefined)
  }

  /** 10_previews: event 4, with the prompt's id, for those who sent flags; it comes before the progress it belongs to. */
  previewWithMetadata(preview: Preview, clientId: string | undefined): void {
    for (const [sid, socket] of this.#listeners(clientId)) {
      if (this.#wantsMetadata.has(sid)) socket.send(withMetadata(preview))
    }
  }

  /** 10_previews: event 1, the picture alone, for others; it comes after the progress. */
  plainPreview(preview: Preview, clientId: string | undefined): void {
    for (const [sid, socket] of this.#listeners(clientId)) {
      if (!this.#wantsMetadata.has(sid)) socket.send(plain(preview))
    }
  }

  /** Forgets who is there: their sockets stay open and hear nothing more, as in 09_ws_reconnect. */
  silence(): void {
    this.#byId.clear()
  }

  /** Sends whatever it is given, to all. */
  raw(data: string | Uint8Array): void {
    for (const socket of this.#all) socket.send(data)
  }

  /** Drops all connections as a killed process does: no close frame (13_server_killed: 1006). */
  drop(): void {
    for (const socket of this.#all) socket.terminate()
  }

  #listeners(clientId: string | undefined): [string, WebSocket][] {
    if (clientId === undefined) return [...this.#byId]
    const socket = this.#byId.get(clientId)
    return socket ? [[clientId, socket]] : []
  }

  #sendTo(socket: WebSocket, type: string, data: unknown): void {
    socket.send(JSON.stringify({ type, data }))
  }
}

/** 00_basics, and the answer to a client's flags. */
export function features(version: Version) {
  const common = { supports_preview_metadata: true, max_upload_size: 104_857_600 }
  if (version === '0.3.64') return common
  return { ...common, extension: { manager: { supports_v4: true } }, node_replacements: true, assets: false }
}

function readType(text: string): unknown {
  try {
    return JSON.parse(text).type
  } catch {
    return undefined
  }
}

interface Preview {
  readonly bytes: Uint8Array
  readonly type: 'image/jpeg' | 'image/png'
  readonly promptId: string
  readonly nodeId: string
}

function plain({ bytes, type }: Preview): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(1, 0)
  head.writeUInt32BE(type === 'image/jpeg' ? 1 : 2, 4)
  return Buffer.concat([head, bytes])
}

function withMetadata({ bytes, type, promptId, nodeId }: Preview): Uint8Array {
  const json = Buffer.from(
    JSON.stringify({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: nodeId,
      parent_node_id: null,
      real_node_id: nodeId,
      image_type: type,
    }),
  )
  const head = Buffer.alloc(8)
  head.writeUInt32BE(4, 0)
  head.writeUInt32BE(json.length, 4)
  return Buffer.concat([head, json, bytes])
}

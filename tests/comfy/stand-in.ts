/**
 * A ComfyUI that is none: a real HTTP and WebSocket server which behaves as the recorded ones did, at the speed, with the nodes and with the
 * faults that a test asks for. Each behaviour names, where it is made, the transcript it was seen in (`../shared/comfyui/transcripts`, beside the project).
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { BoxFiles } from './box-files'
import { BoxSockets } from './box-sockets'
import { type Clock, HeldClock, realClock } from './clock'
import { type Fault, Faults, makeTrouble } from './faults'
import { knownNodes, type NodeTable, nodesFor } from './node-info'
import { tinyJpeg, tinyPng } from './pictures'
import type { Version } from './prompt-problems'
import { PromptQueue, type Ran } from './prompt-queue'
import { route, trouble } from './routes'
import type { Behaviour } from './run-prompt'

export interface StandInOptions extends Partial<Omit<Behaviour, 'failing'>> {
  readonly version?: Version
  /** Graphs (any JSON with graphs in it) whose node classes and model files are to be there besides the known ones. */
  readonly graphs?: readonly unknown[]
  /** A video that is delivered where the graph loads none; MP4. */
  readonly video?: Uint8Array
  /** Videos are made up, this long, without taking memory. */
  readonly videoBytes?: number
  readonly port?: number
  readonly clock?: Clock
}

export interface StandIn extends AsyncDisposable {
  readonly url: string
  /** Every prompt that was accepted, in order, over all restarts. An id that occurs twice was run twice. */
  readonly ran: readonly Ran[]
  readonly behaviour: Behaviour
  readonly files: BoxFiles
  /** How many sockets are open. */
  readonly sockets: number
  fault(fault: Fault): Disposable
  clearFaults(): void
  /** Takes node classes and model files away, as if they had never been installed; `show` brings all back. */
  hide(names: { readonly nodes?: readonly string[]; readonly models?: readonly string[] }): void
  show(): void
  /** From now on nodes stop at their next step until `release` is called. */
  hold(): { release(): void }
  /** Drops all sockets, as a broken network does. */
  dropSockets(): void
  /** Forgets all sockets; they stay open and hear nothing more. */
  silenceSockets(): void
  /** Sends anything to all sockets. */
  sendRaw(data: string | Uint8Array): void
  /** As SIGKILL: connections break, the port is closed, queue and history are lost; files stay. */
  kill(): Promise<void>
  /** Starts again on the same port. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Starts a box on a free port of this machine. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { version = '0.26.0' } = options
  const allNodes = options.graphs ? nodesFor(options.graphs) : knownNodes
  const ran: Ran[] = []
  const faults = new Faults()
  const files = new BoxFiles()
  const clock = new HeldClock(options.clock ?? realClock)
  const behaviour: Behaviour = {
    stepMs: options.stepMs ?? 2,
    steps: options.steps,
    nodeMs: options.nodeMs ?? 0,
    previews: options.previews ?? true,
    failing: new Map(),
  }
  let nodes: NodeTable = allNodes
  let process = await start(options.port ?? 0)
  const { port } = process

  return {
    url: `http://127.0.0.1:${port}`,
    ran,
    behaviour,
    files,
    get sockets() {
      return process.sockets.count
    },
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    hide(names) {
      nodes = without(allNodes, names.nodes ?? [], names.models ?? [])
    },
    show() {
      nodes = allNodes
    },
    hold: () => clock.hold(),
    dropSockets: () => process.sockets.drop(),
    silenceSockets: () => process.sockets.silence(),
    sendRaw: (data) => process.sockets.raw(data),
    kill: () => process.kill(),
    async restart() {
      await process.kill()
      files.emptyTemp()
      process = await start(port)
    },
    close: () => process.kill(),
    [Symbol.asyncDispose]: () => process.kill(),
  }

  async function start(wantedPort: number) {
    const sockets = new BoxSockets(version)
    const pictures = { preview: tinyJpeg, image: tinyPng, video: options.video }
    const queue = new PromptQueue(
      {
        clock,
        sockets,
        files,
        version,
        behaviour,
        pictures,
        videoBytes: options.videoBytes,
        get nodes() {
          return nodes
        },
      },
      ran,
    )
    const connections = new Set<Socket>()
    const server = createServer((request, response) => {
      request.on('error', () => {}) // the other side has gone
      response.on('error', () => {})
      const fault = faults.take(request)
      if (fault && makeTrouble(fault, request, response)) return
      route(request, response, { version, queue, files, nodes }).catch(() => {
        if (!response.headersSent) trouble(response)
      })
    })
    server.on('connection', (socket) => {
      connections.add(socket)
      socket.on('close', () => connections.delete(socket))
    })
    const webSockets = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 * 1024 })
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://box')
      const fault = faults.take(request)
      if (fault?.kind === 'hang') return
      if (fault || !/^(\/api)?\/ws$/.test(url.pathname)) return void socket.destroy()
      webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        sockets.add(webSocket, url.searchParams.get('clientId') ?? undefined, queue.remaining),
      )
    })
    const port = await listen(server, wantedPort)
    let ended: Promise<void> | undefined
    const kill = () => {
      ended ??= new Promise((resolve) => {
        queue.kill()
        sockets.drop()
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      })
      return ended
    }
    return { port, sockets, kill }
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)) // it has one, once it listens
  })
}

function without(table: NodeTable, classes: readonly string[], models: readonly string[]): NodeTable {
  return new Map(
    [...table]
      .filter(([name]) => !classes.includes(name))
      .map(([name, spec]) => [
        name,
        {
          ...spec,
          inputs: spec.inputs.map((input) =>
            input.choices
              ? { ...input, choices: input.choices.filter((choice) => !models.includes(choice)) }
              : input,
          ),
        },
      ]),
  )
}

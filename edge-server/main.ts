/** Reads the command line, listens, and closes in order. */
import { existsSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { ignoreOtherUpgrades, openSocketServer } from './api/socket-server'
import { createApp } from './app'
import { type Config, parseConfig, usage } from './config'
import { type Lan, openLan } from './lan/open-lan'
import { openBrowser } from './open-browser'
import { openWorkingParts, type WorkingParts } from './open-parts'
import { redactLogs } from './redact'
import type { About } from './routes/health'

// This file is built to dist/server/main.js; the app lies beside it in dist/web.
const webRoot = resolve(import.meta.dirname, '../web')
const packageFile = resolve(import.meta.dirname, '../../package.json')

/** How long open connections may take to finish when the server closes. */
const graceMs = 3000

/** Ends the process before it serves, with one sentence. */
function stop(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

function readConfig(): Config {
  try {
    const config = parseConfig(process.argv.slice(2), process.env)
    if (config !== 'help') return config
    console.log(usage)
    process.exit(0)
  } catch (error) {
    stop(error instanceof Error ? error.message : String(error))
  }
}

/** Errors whose message was written for whoever starts the server. */
const TOLD = [
  'ConfigError',
  'StoreDamagedError',
  'StoreNewerError',
  'StoreUnavailableError',
  'QueueUnavailableError',
]

async function opened<T>(what: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    if (!(error instanceof Error)) throw error
    stop(TOLD.includes(error.name) ? error.message : `${what} could not be opened: ${error.message}`)
  }
}

function explainListening(error: NodeJS.ErrnoException, { host, port }: Config): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is taken. Choose another with --port, for example: npm start -- --port ${port + 1}`
  }
  if (error.code === 'EACCES') return `Port ${port} needs more rights. Choose one above 1023 with --port.`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `This machine has no address "${host}". Choose one with --host, for example 127.0.0.1.`
  }
  return `The server could not listen on ${host}:${port}: ${error.message}`
}

function listen(config: Config, lan: Lan, parts: WorkingParts, closing: AbortSignal): Server {
  const about = JSON.parse(readFileSync(packageFile, 'utf8')) as About
  const { fetch } = createApp({ ...parts, about, webRoot, lan, limits: config.limits, closing })
  const options = {
    fetch,
    port: config.port,
    hostname: config.host,
    websocket: { server: openSocketServer() },
    ...lan.serving,
  }
  const server = serve(options, ({ port }) => {
    console.log(lan.greet(port))
    for (const fault of parts.workflows.faults) console.log(fault)
    console.log('Stop it with Ctrl+C.')
    if (config.open) openBrowser(lan.ownUrl(port))
  }) as Server // what lan.serving makes has all of its methods
  ignoreOtherUpgrades(server)
  server.on('error', (error) => stop(explainListening(error, config)))
  return server
}

const config = readConfig()
redactLogs(config)
if (!existsSync(resolve(webRoot, 'index.html'))) stop('The app is not built yet. Run: npm run build')

const closing = new AbortController()
const lan = await opened('The certificate', openLan(config))
const parts = await opened(`The data in ${config.dataFolder}`, openWorkingParts(config))
const server = listen(config, lan, parts, closing.signal)

/** Stops listening, lets requests finish, ends streams, lets go of jobs; the process then has nothing left to do and exits with 0. */
function close(): void {
  if (closing.signal.aborted) return
  closing.abort()
  if (process.connected) process.disconnect()
  // A connection that is kept alive only becomes idle once its last answer is through.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  server.close(async () => {
    clearInterval(sweep)
    clearTimeout(cut)
    await parts[Symbol.asyncDispose]()
    await lan[Symbol.asyncDispose]()
  })
}
process.on('SIGINT', close)
process.on('SIGTERM', close)
process.on('disconnect', close) // a program that started this one with a channel to it has gone

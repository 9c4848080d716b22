/** Reads the command line, listens, and closes in order. */
import { existsSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { createApp } from './app'
import { type Config, isLoopback, parseConfig, usage } from './config'
import { openBrowser } from './open-browser'
import type { About } from './routes/health'

// This file is built to dist/server/main.js; the app lies beside it in dist/web.
const webRoot = resolve(import.meta.dirname, '../web')
const packageFile = resolve(import.meta.dirname, '../../package.json')

/** How long open connections may take to finish when the server closes. */
const graceMs = 3000

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

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(2)
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

const config = readConfig()
if (!existsSync(resolve(webRoot, 'index.html'))) stop('The app is not built yet. Run: npm run build')

const { name, version } = JSON.parse(readFileSync(packageFile, 'utf8')) as About
const closing = new AbortController()
const app = createApp({
  about: { name, version },
  webRoot,
  loopbackOnly: isLoopback(config.host),
  closing: closing.signal,
})

const options = { fetch: app.fetch, port: config.port, hostname: config.host }
const server = serve(options, ({ port }) => {
  const shown = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const url = `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}/`
  console.log(`Understudy is at ${url}`)
  if (!isLoopback(config.host)) {
    console.log(
      'Other machines can reach it too, but browsers give the camera only to localhost and to HTTPS.',
    )
  }
  console.log('Stop it with Ctrl+C.')
  if (config.open) openBrowser(url)
}) as Server // what serve() makes unless told otherwise
server.on('error', (error) => stop(explainListening(error, config)))

/** Stops listening, lets requests finish, ends streams; the process then has nothing left to do and exits with 0. */
function close(): void {
  if (closing.signal.aborted) return
  closing.abort()
  if (process.connected) process.disconnect()
  // A connection that is kept alive only becomes idle once its last answer is through.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  server.close(() => {
    clearInterval(sweep)
    clearTimeout(cut)
  })
}
process.on('SIGINT', close)
process.on('SIGTERM', close)
process.on('disconnect', close) // a program that started this one with a channel to it has gone

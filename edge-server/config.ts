/** The command line, parsed once; a bad one stops the start with one sentence. */
import { parseArgs } from 'node:util'

export interface Config {
  readonly port: number
  readonly host: string
  /** Show the page in the browser once the server listens. */
  readonly open: boolean
}

export const usage = `Understudy, served from this machine.

  npm start -- [options]      builds and serves
  node dist/server/main.js    serves what was built

  --port N     port to listen on (default 4173; 0 takes any free one)
  --host NAME  address to listen on (default 127.0.0.1, this machine only)
  --open       show the page in the browser
  --help       this text`

/** Parses the arguments after the file's name. Throws an Error named ConfigError. */
export function parseConfig(args: readonly string[]): Config | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw configError(`--port wants a number from 0 to 65535, not "${values.port}".`)
  }
  if (!values.host) throw configError('--host wants an address, such as 127.0.0.1 or 0.0.0.0.')
  return { port, host: values.host, open: values.open }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4173' },
        host: { type: 'string', default: '127.0.0.1' },
        open: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    // Node explains at length; its first sentence is the one about the option.
    const [sentence] = String(error instanceof Error ? error.message : error).split(/\.\s/)
    throw configError(`${sentence?.replace(/\.$/, '')}. Try --help.`)
  }
}

function configError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ConfigError' })
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
  )
}

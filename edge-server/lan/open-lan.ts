/** Letting the phone in, and nobody else: all parts of it, put together for the server. */
import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { type Config, isLoopback } from '../config'
import { openAllowances } from './allowances'
import { certifiedNames, openCertificate, readCertificate } from './certificate'
import { openDevices } from './devices'
import { pairingGreeting } from './greeting'
import { lanGuard, loopbackGuard } from './guard'
import { lanServing, plainServing, type Serving } from './listener'
import { lanAddresses, openHostCheck, ownNames } from './names'
import type { Network } from './pair-routes'
import { PairingCodes } from './pairing-codes'

/**
 * What the server and the app need:
 *
 *   const lan = await openLan(config)                              // may throw a ConfigError: one sentence for the terminal
 *   app.use(securityHeaders)
 *   app.use(lan.guard)                                             // before every route; checks Host and Origin too
 *   app.route('/api/pair', pairRoutes(lan.network)).route('/pair', pairPageRoutes())
 *   serve({ fetch, port, hostname, websocket, ...lan.serving }, ({ port }) => console.log(lan.greet(port)))
 */
export interface Lan extends AsyncDisposable {
  readonly guard: MiddlewareHandler
  /** Undefined where only this machine can connect. */
  readonly network: Network | undefined
  readonly serving: Serving
  /** Where the owner's own browser finds the page, with a slash at its end. */
  ownUrl(port: number): string
  /** What the terminal is to say once the server listens: where the page is, and with --lan a new pairing code. */
  greet(port: number): string
}

const BODY_MS = 30_000

type LanSettings = Pick<Config, 'host' | 'lan' | 'dataFolder'> & {
  readonly limits: Pick<Config['limits'], 'deviceDayBytes'>
}

interface Timing {
  readonly now?: () => number
  /** How long the body of a request that is no upload may take to arrive. */
  readonly bodyMs?: number
}

/** Throws an Error named ConfigError where the certificate or the list of devices is no use. */
export async function openLan(config: LanSettings, timing: Timing = {}): Promise<Lan> {
  return config.lan ? openNetwork(config, config.lan, timing) : loopbackOnly(config.host)
}

/** For this machine alone. */
export function loopbackOnly(host = '127.0.0.1'): Lan {
  const ownUrl = (port: number) => `http://${bracketed(host)}:${port}/`
  return {
    guard: loopbackGuard(BODY_MS),
    network: undefined,
    serving: plainServing,
    ownUrl,
    greet: (port) => `Understudy is at ${ownUrl(port)}`,
    [Symbol.asyncDispose]: async () => {},
  }
}

async function openNetwork(
  { host, dataFolder, limits }: LanSettings,
  { certificate }: NonNullable<Config['lan']>,
  { now = Date.now, bodyMs = BODY_MS }: Timing,
): Promise<Lan> {
  const folder = join(dataFolder, 'lan')
  const names = [...lanAddresses(host), ...ownNames(), 'localhost', '127.0.0.1', '::1']
  const credentials = certificate
    ? await readCertificate(certificate, now())
    : await openCertificate(folder, names, now())
  const x509 = new X509Certificate(credentials.cert)
  const certified = certificate ? certifiedNames(x509) : []
  const devices = await openDevices(folder, now)
  const codes = new PairingCodes(now)
  const isOurs = openHostCheck(host, certified, now)
  const allowances = openAllowances(limits.deviceDayBytes, now)

  let port = 0
  const link = (code: string) => `https://${bracketed(bestName(host, certified))}:${port}/pair#${code}`
  const ownUrl = (onPort: number) => {
    const reachable = host === '0.0.0.0' || host === '::' || isLoopback(host)
    return reachable
      ? `http://${isLoopback(host) ? bracketed(host) : 'localhost'}:${onPort}/`
      : `https://${bracketed(host)}:${onPort}/`
  }
  return {
    guard: lanGuard({ isOurs, devices, allowances, bodyMs }),
    network: { codes, devices, link },
    serving: lanServing(credentials, isOurs),
    ownUrl,
    greet(onPort) {
      port = onPort
      const colours = process.stdout.isTTY === true
      const pairing = pairingGreeting(
        link(codes.make().code),
        x509.fingerprint256,
        certificate !== undefined,
        colours,
      )
      return `Understudy is at ${ownUrl(onPort)}\n${pairing}`
    },
    [Symbol.asyncDispose]: () => devices[Symbol.asyncDispose](),
  }
}

/** The name a phone is sent to: one of the user's own certificate, or else the address it surely finds. */
function bestName(host: string, certified: readonly string[]): string {
  const named = certified.find((name) => !name.includes('*') && !isLoopback(name))
  return named ?? lanAddresses(host)[0] ?? ownNames().find((name) => name.endsWith('.local')) ?? 'localhost'
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

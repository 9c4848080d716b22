/** What this machine is called in its network: the addresses and names by which devices reach it. */
import { hostname, networkInterfaces } from 'node:os'
import { isLoopback } from '../config'

/** Addresses change as cables are plugged and networks joined; they are looked up again after this time. */
const FRESH_MS = 5000

/**
 * Addresses of this machine that others can reach where the server listens on `host`, the most likely first: home and
 * office networks, then other IPv4, then IPv6; those of containers and virtual machines last.
 */
export function lanAddresses(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return /^[\d.]+$|:/.test(host) && !isLoopback(host) ? [host] : []
  const found = Object.entries(networkInterfaces()).flatMap(([card, entries = []]) =>
    entries
      .filter(({ internal, address, family }) => {
        return !internal && !/^fe80:/i.test(address) && (family === 'IPv4' || host === '::')
      })
      .map(({ address }) => ({ address, rank: rank(card, address) })),
  )
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address)
}

function rank(card: string, address: string): number {
  const isVirtual = /^(docker|br-|veth|virbr|vbox|vmnet|vEthernet|lxc|lxd|podman|cni|tun|tap|wg|utun)/i.test(
    card,
  )
  const isHome = /^(192\.168\.|10\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)
  return (isVirtual ? 4 : 0) + (address.includes(':') ? 2 : 0) + (isHome ? 0 : 1)
}

/** This machine's own names: `studio`, and `studio.local` as phones find it. Empty where it has none that fits into a URL. */
export function ownNames(): string[] {
  const [label = ''] = hostname().toLowerCase().split('.')
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) || label === 'localhost') return []
  const full = hostname().toLowerCase()
  return [...new Set([label, `${label}.local`, ...(/^[a-z0-9.-]+$/.test(full) ? [full] : [])])]
}

/** Tells whether a request names this machine. Other names could be made to point here by anybody (DNS rebinding). */
export function openHostCheck(
  host: string,
  certified: readonly string[],
  now = Date.now,
): (hostname: string) => boolean {
  const wildcards = certified.filter((name) => name.startsWith('*.')).map((name) => name.slice(1))
  let known = new Set<string>()
  let freshUntilMs = Number.NEGATIVE_INFINITY
  return (hostname) => {
    const name = hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase()
    if (isLoopback(name)) return true
    if (now() >= freshUntilMs) {
      known = new Set([...lanAddresses(host), ...ownNames(), host, ...certified])
      for (const any of ['0.0.0.0', '::']) known.delete(any)
      freshUntilMs = now() + FRESH_MS
    }
    return known.has(name) || wildcards.some((end) => isOneLabel(name, end))
  }
}

/** A wildcard stands for one label: `a.home.example`, not `a.b.home.example`. */
function isOneLabel(name: string, end: string): boolean {
  const label = name.endsWith(end) ? name.slice(0, -end.length) : ''
  return label !== '' && !label.includes('.')
}

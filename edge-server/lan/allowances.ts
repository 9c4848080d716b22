/** How much each client of the network may ask for. The owner may anything: it is their machine. */
import type { Context } from 'hono'
import { Refusal } from '../errors'
import { type Client, connectionOf, isUpload } from './client'
import { type Rate, Rates } from './rates'

/** By device, or by address for strangers. Pages and their parts are not counted for devices. */
export const RATES = {
  pairing: { burst: 5, perSecond: 1 / 6 },
  stranger: { burst: 60, perSecond: 5 },
  uploads: { burst: 60, perSecond: 1 },
  generate: { burst: 30, perSecond: 0.5 },
  api: { burst: 400, perSecond: 50 },
} as const satisfies Record<string, Rate>

const DAY_S = 24 * 60 * 60

export interface Allowances {
  readonly rates: Readonly<Record<keyof typeof RATES, Rates>>
  /** Bytes that a device uploads; a day fills it up again. */
  readonly uploadBytes: Rates
}

export function openAllowances(deviceDayBytes: number, now: () => number): Allowances {
  const rates = {
    pairing: new Rates(RATES.pairing, now),
    stranger: new Rates(RATES.stranger, now),
    uploads: new Rates(RATES.uploads, now),
    generate: new Rates(RATES.generate, now),
    api: new Rates(RATES.api, now),
  }
  const perDay = { burst: deviceDayBytes, perSecond: deviceDayBytes / DAY_S }
  return { rates, uploadBytes: new Rates(perDay, now) }
}

/**
 * Takes what a request costs. Throws a Refusal named TooMany (with Retry-After) or QuotaExceeded. What it returns is to be
 * called at the end, to settle what an upload really sent.
 */
export function allow(c: Context, client: Client, address: string, allowances: Allowances): () => void {
  const { rates, uploadBytes } = allowances
  if (client.name === 'owner') return () => {}
  if (client.name === 'stranger') {
    const asker = network(address)
    take(c, rates.stranger, asker)
    if (c.req.method !== 'POST' || c.req.path !== '/api/pair') return () => {}
    take(c, rates.pairing, asker)
    return () => {
      if (c.res.ok) rates.pairing.giveBack(asker, 1) // it was no guess
    }
  }
  const { id } = client.device
  if (/^\/(api|ws)\//.test(c.req.path)) take(c, rates.api, id)
  if (c.req.method === 'POST' && isUpload(c)) take(c, rates.uploads, id)
  if (c.req.method === 'POST' && isWork(c.req.path)) take(c, rates.generate, id)
  return isUpload(c) ? takeBytes(c, id, uploadBytes) : () => {}
}

/** What makes a box work. */
const isWork = (path: string): boolean => path === '/api/generate' || /^\/api\/jobs\/[^/]+\/retry$/.test(path)

function take(c: Context, rates: Rates, asker: string): void {
  const waitMs = rates.take(asker)
  if (waitMs === 0) return
  const waitS = Math.ceil(waitMs / 1000)
  c.header('Retry-After', String(waitS))
  throw new Refusal(429, 'TooMany', `Too many requests. Try again in ${waitS} s.`)
}

/** Reserves what is announced, also for an upload in pieces (`Upload-Length` of tus), and settles by what came. */
function takeBytes(c: Context, id: string, uploadBytes: Rates): () => void {
  const announced = bytes(c.req.header('Content-Length'))
  const whole = Math.max(announced, bytes(c.req.header('Upload-Length')))
  const waitMs = uploadBytes.take(id, whole)
  if (waitMs > 0) {
    const message =
      'This device has uploaded as much as it may in a day. Try again later, or from the computer.'
    throw new Refusal(507, 'QuotaExceeded', message)
  }
  const socket = connectionOf(c)?.socket
  const before = socket?.bytesRead ?? 0
  return () => {
    const came = socket ? Math.max(0, socket.bytesRead - before) : announced
    uploadBytes.giveBack(id, whole - came)
  }
}

function bytes(header: string | undefined): number {
  const value = Number(header ?? 0)
  return Number.isSafeInteger(value) && value > 0 ? value : 0
}

/** An IPv6 network has more addresses than can be counted: its first half counts as one. */
function network(address: string): string {
  if (!address.includes(':')) return address
  const [head = ''] = address.split('::')
  const groups = head.split(':').slice(0, 4)
  return groups.map((group) => group.toLowerCase()).join(':')
}

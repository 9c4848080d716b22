/** Who asks, and what they may: every request passes here before any route, those that become WebSockets too. */
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { isLoopback } from '../config'
import { Refusal } from '../errors'
import { changes, checkHost, checkOrigin } from '../security'
import { type Allowances, allow } from './allowances'
import { type Client, connectionOf, isUpload, mayFinish, remoteAddress } from './client'
import { renewCookie, tokenOf } from './cookie'
import type { Devices } from './devices'
import { pairPage } from './pair-page'

export interface GuardParts {
  readonly isOurs: (hostname: string) => boolean
  readonly devices: Devices
  readonly allowances: Allowances
  /** How long a body may take to arrive; uploads may take any time, as long as something comes. */
  readonly bodyMs: number
}

/** Where only this machine can connect: everybody who asks for it by name, from no other page, is the owner. */
export const loopbackGuard = (bodyMs: number): MiddlewareHandler => {
  return async (c, next) => {
    checkHost(c, isLoopback)
    if (isGuarded(c)) checkOrigin(c, false)
    c.set('client', { name: 'owner' })
    await inTime(c, bodyMs, next)
  }
}

/** Where the network can connect: the owner, paired devices, and nobody else. */
export const lanGuard = (parts: GuardParts): MiddlewareHandler => {
  const sockets = openSocketsOf(parts.devices)
  return async (c, next) => {
    checkHost(c, parts.isOurs)
    const client = clientOf(c, parts.devices)
    if (isGuarded(c)) checkOrigin(c, client.name === 'device')
    c.set('client', client)
    const settle = allow(c, client, remoteAddress(c) ?? '', parts.allowances)
    if (client.name === 'stranger' && !isOpen(c)) return refuse(c)
    if (client.name === 'device') sockets.add(client.device.id, c)
    try {
      await inTime(c, parts.bodyMs, next)
    } finally {
      settle()
    }
    if (client.name === 'device' && parts.devices.see(client.device.id)) renewCookie(c)
    return undefined
  }
}

/** Pages may be linked to from anywhere; the rest is for our own pages. */
const isGuarded = (c: Context): boolean => changes(c) || /^\/(api|ws)(\/|$)/.test(c.req.path)

/** What a device needs to be paired: the page with its parts, and the two questions it asks. */
function isOpen(c: Context): boolean {
  const { path } = c.req
  return /^\/pair(\/|$)/.test(path) || (path === '/api/pair' && ['GET', 'POST'].includes(c.req.method))
}

/** The owner is told by the connection, never by a header: those can say anything. */
function clientOf(c: Context, devices: Devices): Client {
  const address = remoteAddress(c)
  if (address !== undefined && isLoopback(address) && isLoopback(new URL(c.req.url).hostname)) {
    return { name: 'owner' }
  }
  const token = tokenOf(c)
  const device = token === undefined ? undefined : devices.find(token)
  return device ? { name: 'device', device } : { name: 'stranger' }
}

/** A person gets a page that says what to do; a program gets the error. */
function refuse(c: Context): Response | Promise<Response> {
  const wantsPage = c.req.method === 'GET' && !isGuarded(c) && c.req.header('Accept')?.includes('text/html')
  if (wantsPage) return c.html(pairPage, 401, { 'Cache-Control': 'no-store' })
  throw new Refusal(
    401,
    'NotPaired',
    'This device is not paired. Scan the code on the computer that runs this.',
  )
}

/** Cuts the connection of a client that sends its request too slowly. */
async function inTime(c: Context, bodyMs: number, next: () => Promise<void>): Promise<void> {
  const incoming = connectionOf(c)
  const isUnbounded = !incoming || !changes(c) || isUpload(c)
  if (isUnbounded) return next()
  const late = setTimeout(() => {
    if (!incoming.complete) incoming.destroy()
  }, bodyMs)
  try {
    await next()
  } finally {
    clearTimeout(late)
  }
}

/** The connections of each device: they are cut when it is removed, its WebSockets with them. */
function openSocketsOf(devices: Devices) {
  type Connection = HttpBindings['incoming']['socket']
  const open = new Map<string, Set<Connection>>()
  devices.watch((id) => {
    for (const socket of open.get(id) ?? []) if (!mayFinish(socket)) socket.destroy()
  })
  return {
    add(id: string, c: Context): void {
      const socket = connectionOf(c)?.socket
      const known = open.get(id) ?? new Set()
      if (!socket || known.has(socket)) return
      open.set(id, known.add(socket))
      socket.once('close', () => {
        known.delete(socket)
        if (known.size === 0 && open.get(id) === known) open.delete(id)
      })
    },
  }
}

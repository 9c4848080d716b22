/** Who sent a request, and by which connection. */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Device } from './devices'

/** A stranger gets no further than the guard, except to be paired. */
export type Client =
  | { readonly name: 'owner' } // at this machine itself
  | { readonly name: 'device'; readonly device: Device }
  | { readonly name: 'stranger' }

declare module 'hono' {
  interface ContextVariableMap {
    /** Set by the guard. */
    client: Client
  }
}

/** Node's own request; undefined where there is no connection: a test that calls the app as a function. */
export function connectionOf(c: Context): HttpBindings['incoming'] | undefined {
  return (c.env as Partial<HttpBindings> | undefined)?.incoming // what @hono/node-server hands over
}

/** Where a connection comes from. Headers can say anything (X-Forwarded-For) and are not asked. */
export function remoteAddress(c: Context): string | undefined {
  return connectionOf(c)?.socket.remoteAddress?.replace(/^::ffff:/i, '')
}

export const isUpload = (c: Context): boolean => c.req.path.startsWith('/api/upload/')

const finishing = new WeakSet<object>()

/** Spares the connection of this request when its device is removed: it still has to hear so. It ends after the answer. */
export function letFinish(c: Context): void {
  const socket = connectionOf(c)?.socket
  if (socket) finishing.add(socket)
  c.header('Connection', 'close')
}

export const mayFinish = (socket: object): boolean => finishing.has(socket)

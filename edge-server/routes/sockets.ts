import { upgradeWebSocket } from '@hono/node-server'
import { Hono } from 'hono'
import type { WSContext } from 'hono/ws'
import type { WebSocket } from 'ws'
import type { JobSockets } from '../api/job-sockets'

/** Progress, previews and states as they happen; what is sent is `JobMessage` of api/schemas.ts. */
export const socketRoutes = (sockets: JobSockets) =>
  new Hono()
    .get(
      '/generate/:id',
      upgradeWebSocket((c) => {
        const id = c.req.param('id') ?? ''
        return { onOpen: (_, context) => sockets.follow(id, socketOf(context)) }
      }),
    )
    .get(
      '/jobs',
      upgradeWebSocket(() => ({ onOpen: (_, context) => sockets.followAll(socketOf(context)) })),
    )

/** `openSocketServer` makes the sockets, so they are those of ws. */
function socketOf({ raw }: WSContext<unknown>): WebSocket {
  if (!raw) throw new Error('An upgrade without a socket')
  return raw as WebSocket
}

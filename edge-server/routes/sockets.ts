import { upgradeWebSocket } from '@hono/node-server'
import { Hono } from 'hono'
import type { WSContext } from 'hono/ws'
import type { WebSocket } from 'ws'
import type { JobSockets } from '../api/job-sockets'
import { describes } from '../api/route'
import { JobMessage } from '../api/schemas'

/** Progress, previews and states as they happen; what is sent is `JobMessage` of api/schemas.ts. */
export const socketRoutes = (sockets: JobSockets) =>
  new Hono()
    .get(
      '/generate/:id',
      describes({
        summary: 'WebSocket: the state of a job, then what happens to it. Previews are binary messages',
        tag: 'jobs',
        answers: { 101: JobMessage },
        refuses: [403],
      }),
      upgradeWebSocket((c) => {
        const id = c.req.param('id') ?? ''
        return { onOpen: (_, context) => sockets.follow(id, socketOf(context)) }
      }),
    )
    .get(
      '/jobs',
      describes({
        summary: 'WebSocket: what happens to all jobs, without previews',
        tag: 'jobs',
        answers: { 101: JobMessage },
        refuses: [403],
      }),
      upgradeWebSocket(() => ({ onOpen: (_, context) => sockets.followAll(socketOf(context)) })),
    )

/** `openSocketServer` makes the sockets, so they are those of ws. */
function socketOf({ raw }: WSContext<unknown>): WebSocket {
  if (!raw) throw new Error('An upgrade without a socket')
  return raw as WebSocket
}

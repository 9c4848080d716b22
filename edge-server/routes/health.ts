import { Hono } from 'hono'

export interface About {
  readonly name: string
  readonly version: string
}

/** Says that the server is up, what it is, and for how long. */
export const healthRoutes = ({ name, version }: About) =>
  new Hono().get('/', (c) => c.json({ name, version, uptimeSeconds: Math.round(process.uptime()) }))

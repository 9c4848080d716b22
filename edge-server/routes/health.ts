import { Hono } from 'hono'
import { describes } from '../api/route'
import { Health } from '../api/schemas'
import type { Boxes } from '../comfy/boxes'
import type { Jobs } from '../jobs/jobs'

export interface About {
  readonly name: string
  readonly version: string
}

interface Parts {
  readonly about: About
  readonly boxes: Boxes
  readonly jobs: Jobs
}

/** Says that the server is up, what it is, for how long, and what it has to do. */
export const healthRoutes = ({ about: { name, version }, boxes, jobs }: Parts) =>
  new Hono().get(
    '/',
    describes({ summary: 'What runs, and how busy it is', tag: 'server', answers: { 200: Health } }),
    async (c) =>
      c.json({
        name,
        version,
        uptimeSeconds: Math.round(process.uptime()),
        boxes: { up: boxes.list.filter(({ health }) => health.name === 'up').length, all: boxes.list.length },
        jobs: await jobs.counts(),
      }),
  )

import { Hono } from 'hono'
import { describes } from '../api/route'
import { BoxList, type BoxView } from '../api/schemas'
import type { Box, Boxes } from '../comfy/boxes'

/** How long whoever looks again waits for slow boxes. */
const LOOK_MS = 10_000

/** The boxes of this server and how they are; never their addresses, which may hold a password. */
export const boxRoutes = (boxes: Boxes) => {
  const views = () => {
    const nowMs = Date.now()
    return { boxes: boxes.list.map((box) => boxView(box, nowMs)) }
  }
  return new Hono()
    .get(
      '/',
      describes({ summary: 'The boxes and how they are', tag: 'boxes', answers: { 200: BoxList } }),
      (c) => c.json(views(), 200),
    )
    .post(
      '/look',
      describes({
        summary: 'Ask all boxes now, also for nodes and models that are new',
        tag: 'boxes',
        answers: { 200: BoxList },
      }),
      async (c) => {
        const late = AbortSignal.timeout(LOOK_MS)
        try {
          await boxes.refresh(AbortSignal.any([c.req.raw.signal, late]))
        } catch (error) {
          if (!late.aborted) throw error // a box that takes longer is asked all the same, and told of later
        }
        return c.json(views(), 200)
      },
    )
}

function boxView({ name, health, load, taken, concurrency }: Box, nowMs: number): BoxView {
  return {
    name: withoutSecrets(name),
    state: health.name,
    health: inWords({ health, load }, nowMs),
    ...(health.name === 'up' ? { version: health.version } : {}),
    load,
    taken,
    concurrency,
  }
}

function inWords({ health, load }: Pick<Box, 'health' | 'load'>, nowMs: number): string {
  if (health.name === 'unknown') return 'Not asked yet.'
  if (health.name === 'up') {
    return load === 0 ? 'Answers, and is free.' : `Answers, with ${load} in its queue.`
  }
  const downS = Math.max(0, Math.round((nowMs - health.sinceMs) / 1000))
  const next = Math.max(0, Math.round((health.nextTryMs - nowMs) / 1000))
  const since = downS < 90 ? `${downS} s` : `${Math.round(downS / 60)} min`
  const reason = withoutSecrets(health.reason).replace(/[.\s]*$/, '.')
  return `${reason} Down for ${since}, asked again in ${next} s.`
}

/** Names and reasons may quote an address as it was configured. */
const withoutSecrets = (text: string): string => text.replace(/\/\/[^/\s@]*@/g, '//')

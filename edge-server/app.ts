import { Hono } from 'hono'
import { answerError, Refusal } from './errors'
import { fileRoutes } from './routes/files'
import { type About, healthRoutes } from './routes/health'
import { outputRoutes } from './routes/output'
import { loopbackNamesOnly, sameOriginOnly, securityHeaders } from './security'

export interface Parts {
  readonly about: About
  /** Folder with the built app. */
  readonly webRoot: string
  /** Turn away requests that name another host: right where only this machine can connect. */
  readonly loopbackOnly: boolean
  /** Aborts when the server closes, so that open streams end. */
  readonly closing: AbortSignal
}

/** The whole server as a function from request to response. */
export function createApp({ about, webRoot, loopbackOnly, closing }: Parts) {
  const app = new Hono()
  app.onError(answerError)
  app.notFound((c) => answerError(new Refusal(404, 'NotFound', `There is no ${c.req.path} here.`), c))
  app.use(securityHeaders)
  if (loopbackOnly) app.use(loopbackNamesOnly)
  app.use('/api/*', sameOriginOnly)
  return app
    .route('/api/health', healthRoutes(about))
    .route('/api/output', outputRoutes(closing))
    .all('/api/*', (c) => c.notFound())
    .route('/', fileRoutes(webRoot))
}

/** What a typed client (`hc<App>`) can ask for. @public */
export type App = ReturnType<typeof createApp>

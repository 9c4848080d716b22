import { Hono, type MiddlewareHandler } from 'hono'
import { openJobSockets } from './api/job-sockets'
import { openJobViews } from './api/job-views'
import { openThumbnails } from './api/thumbnails'
import { openTimeLeft } from './api/time-left'
import type { Boxes } from './comfy/boxes'
import { answerError, Refusal } from './errors'
import type { Files } from './files/files'
import type { UploadLimits, Uploads } from './files/uploads'
import type { Jobs } from './jobs/jobs'
import type { Lan } from './lan/open-lan'
import { pairPageRoutes } from './lan/pair-page'
import { pairRoutes } from './lan/pair-routes'
import type { ReadPrompt } from './prompt/parse-prompt'
import { boxRoutes } from './routes/boxes'
import { fileRoutes } from './routes/files'
import { generateRoutes } from './routes/generate'
import { type About, healthRoutes } from './routes/health'
import { jobRoutes } from './routes/jobs'
import { openApiRoutes } from './routes/openapi'
import { outputRoutes } from './routes/output'
import { promptRoutes } from './routes/prompt'
import { socketRoutes } from './routes/sockets'
import { fileDownloadRoutes, uploadRoutes } from './routes/uploads'
import { workflowRoutes } from './routes/workflows'
import { securityHeaders } from './security'
import type { Workflows } from './workflows/workflow'

export interface Parts {
  readonly about: About
  /** Folder with the built app. */
  readonly webRoot: string
  /** Who may ask for anything, and what lets more in. */
  readonly lan: Pick<Lan, 'guard' | 'network'>
  /** Aborts when the server closes, so that open streams and sockets end. */
  readonly closing: AbortSignal
  readonly jobs: Jobs
  readonly boxes: Boxes
  readonly workflows: Workflows
  readonly files: Files
  /** Answers under /api/upload/tus. */
  readonly uploads: Uploads
  readonly limits: Pick<UploadLimits, 'maxImageBytes' | 'maxVideoBytes'>
  /** Folder of the last previews of jobs. */
  readonly previewFolder: string
  readonly readPrompt: ReadPrompt
}

/**
 * The whole server as a function from request to response. It listens to the queue until `closing` aborts. For its WebSockets:
 * `serve({ fetch: app.fetch, websocket: { server: openSocketServer() } })`, see api/socket-server.ts.
 */
export function createApp(parts: Parts) {
  const { webRoot, lan, closing } = parts
  const thumbnails = openThumbnails(parts.previewFolder, parts.jobs)
  const timeLeft = openTimeLeft(parts.jobs)
  const views = openJobViews({ ...parts, thumbnails, timeLeft })
  const sockets = openJobSockets({ ...parts, views })
  closing.addEventListener('abort', () => {
    for (const part of [sockets, views, timeLeft, thumbnails]) part[Symbol.dispose]()
  })

  const app = new Hono()
  app.onError(answerError)
  app.notFound((c) => answerError(new Refusal(404, 'NotFound', `There is no ${c.req.path} here.`), c))
  app.use(securityHeaders)
  app.use(lan.guard)
  app.use('/api/*', freshUnlessSaid)
  return app
    .route('/api/health', healthRoutes(parts))
    .route('/api/boxes', boxRoutes(parts.boxes))
    .route('/api/workflows', workflowRoutes(parts))
    .route('/api/upload', uploadRoutes(parts))
    .route('/api/files', fileDownloadRoutes(parts.files))
    .route('/api/prompt', promptRoutes(parts))
    .route('/api/generate', generateRoutes({ ...parts, views }))
    .route('/api/jobs', jobRoutes({ ...parts, views, thumbnails }))
    .route('/ws', socketRoutes(sockets))
    .route('/api/pair', pairRoutes(lan.network))
    .route('/pair', pairPageRoutes())
    .route('/api/output', outputRoutes(closing))
    .route('/api/openapi.json', openApiRoutes(app, parts.about))
    .all('/api/*', (c) => c.notFound())
    .all('/ws/*', (c) => c.notFound())
    .route('/', fileRoutes(webRoot))
}

/** An answer about how things are is of no use later, and not for a disk. */
const freshUnlessSaid: MiddlewareHandler = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
}

/** What a typed client (`hc<App>`) can ask for. @public */
export type App = ReturnType<typeof createApp>

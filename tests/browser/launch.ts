/** The built app in a fresh browser, for tests and benches. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { chromiumFlags, ensureChromium } from './chromium'
import { type Served, serveBuilt } from './serve'

export interface LaunchOptions {
  /** Y4M or MJPEG file that the camera plays in a loop; the browser's moving test picture without it. */
  readonly camera?: string
  /** Page to open; '/' unless told. */
  readonly path?: string
  /** Where the app is already served; without it, the built server is started on a free port. */
  readonly origin?: string
  /** Viewport, touch, colour scheme … of the page. 1440×900 unless told. */
  readonly context?: BrowserContextOptions
  /** Flags after ours. */
  readonly flags?: readonly string[]
  /** Runs before the page is opened: scripts to inject, routes, consent stored beforehand. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

export interface LaunchedApp extends AsyncDisposable {
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
  readonly origin: string
  /** The server, where launching started it. */
  readonly server: Served | undefined
  /** What went wrong in any page since the start: console errors (failed loads are among them), uncaught errors, crashes. */
  readonly problems: readonly string[]
}

/** Opens the app with an empty profile. Dispose it (`await using`): that ends the page, the browser and the server. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const server = options.origin === undefined ? await serveBuilt() : undefined
  let browser: Browser | undefined
  const dispose = async () => {
    await browser?.close()
    await server?.stop()
  }
  try {
    browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: [...chromiumFlags(options.camera), ...(options.flags ?? [])],
    })
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options.context })
    const page = await context.newPage()
    const problems = collectProblems(context, page)
    await options.prepare?.(page)
    const origin = options.origin ?? server?.origin ?? ''
    await page.goto(new URL(options.path ?? '/', origin).href)
    return { browser, context, page, origin, server, problems, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

function collectProblems(context: BrowserContext, page: Page): string[] {
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) =>
    problems.push(`uncaught: ${error.error().stack ?? error.error().message}`),
  )
  page.on('crash', () => problems.push('the page crashed'))
  return problems
}

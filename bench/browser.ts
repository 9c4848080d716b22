import { resolve } from 'node:path'
import { chromium, type Page } from 'playwright'
import { createServer } from 'vite'
import { embeddedModels } from '../scripts/embedded-models'
import { chromiumFlags, ensureChromium } from '../tests/browser/chromium'
import { isolation } from '../vite.config'

const root = resolve(import.meta.dirname, '..')

export interface BenchPage extends AsyncDisposable {
  readonly page: Page
}

/** Opens a page of bench/pages in Chromium, served from the sources; files outside the project by /@fs/PATH. */
export async function openBenchPage(name: string, allow: readonly string[]): Promise<BenchPage> {
  const server = await createServer({
    configFile: false,
    root,
    publicDir: resolve(root, 'public'),
    logLevel: 'error',
    plugins: [embeddedModels()],
    worker: { format: 'es' },
    server: { headers: isolation, port: 0, host: '127.0.0.1', fs: { allow: [root, ...allow] } },
    optimizeDeps: { include: ['comlink', 'onnxruntime-web/wasm'], entries: [`bench/pages/${name}.html`] },
  })
  await server.listen()
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumFlags() })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error.message))
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}bench/pages/${name}.html`)
  return {
    page,
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.close()
    },
  }
}

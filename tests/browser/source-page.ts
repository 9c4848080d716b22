import { resolve } from 'node:path'
import { chromium, type Page } from 'playwright'
import { createServer } from 'vite'
import { embeddedModels } from '../../scripts/embedded-models'
import { isolation } from '../../vite.config'
import { chromiumFlags, ensureChromium } from './chromium'

const root = resolve(import.meta.dirname, '../..')

const bundled = [
  '@ffmpeg/ffmpeg',
  '@mediabunny/aac-encoder',
  'comlink',
  'idb',
  'mediabunny',
  'onnxruntime-web/wasm',
  'onnxruntime-web/webgpu',
  'valibot',
]

export interface SourcePage extends AsyncDisposable {
  readonly page: Page
}

/** Opens a page of the project's (its path from the root) in Chromium, served from the sources; other files by /@fs/PATH. */
export async function openSourcePage(path: string, allow: readonly string[] = []): Promise<SourcePage> {
  const server = await createServer({
    configFile: false,
    root,
    publicDir: resolve(root, 'public'),
    cacheDir: resolve(root, '.cache/vite-pages'),
    logLevel: 'error',
    plugins: [embeddedModels()],
    worker: { format: 'es' },
    server: { headers: isolation, port: 0, host: '127.0.0.1', fs: { allow: [root, ...allow] } },
    // All at once: one that is only found later makes the page load again.
    optimizeDeps: { include: [...bundled], entries: [path] },
  })
  await server.listen()
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumFlags() })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error.message))
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}${path}`)
  return {
    page,
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.close()
    },
  }
}

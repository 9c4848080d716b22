import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'
import { embeddedModels } from './scripts/embedded-models'
import { chromiumFlags, findChromium } from './tests/browser/chromium'
import { ffprobe } from './tests/browser/ffprobe'
import { isolation } from './vite.config'

// Real faces and weights that a working copy may have beside it; '' where it has not.
const beside = resolve(import.meta.dirname, '../shared')
const shared = existsSync(beside) ? beside : ''

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with `media` and `models` of test material, as an absolute path; '' where there is none. */
    shared: string
  }
}

const executablePath = findChromium()

export default defineConfig({
  test: {
    // Software GPU and encoders want the whole machine: one project after the other.
    projects: [
      {
        plugins: [embeddedModels()],
        test: {
          name: 'unit',
          environment: 'node',
          include: ['**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', 'tests/app/**', '**/node_modules/**', 'dist/**'],
          testTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 120_000,
          provide: { shared },
          globalSetup: ['./tests/media/provide-clips.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [embeddedModels(), solid()],
        worker: { format: 'es' },
        server: { headers: isolation, fs: { allow: ['.', beside] } },
        optimizeDeps: {
          include: [
            '@ffmpeg/ffmpeg',
            '@mediabunny/aac-encoder',
            'client-zip',
            'comlink',
            'gifenc',
            'idb',
            'mediabunny',
            'onnxruntime-web/wasm',
            'onnxruntime-web/webgpu',
            'solid-js',
            'solid-js/store',
            'solid-js/web',
            'valibot',
          ],
        },
        test: {
          name: 'browser',
          include: ['**/*.browser.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', 'dist/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          provide: { shared },
          globalSetup: ['./tests/media/provide-clips.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { ffprobe },
            provider: playwright({
              launchOptions: { args: chromiumFlags(), ...(executablePath ? { executablePath } : {}) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'app',
          environment: 'node',
          include: ['tests/app/**/*.test.ts'],
          testTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 120_000,
          provide: { shared },
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

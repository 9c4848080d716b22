import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { embeddedModels } from './scripts/embedded-models'
import { precompress } from './scripts/precompress'
import { pwa } from './scripts/pwa'

// Threads in WebAssembly need a cross-origin isolated page.
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  root: 'web',
  publicDir: '../public',
  plugins: [embeddedModels(), solid(), pwa(), precompress()],
  worker: { format: 'es' },
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', manifest: true, sourcemap: true },
  // While developing, the API is that of a server started beside: node dist/server/main.js
  server: {
    headers: isolation,
    proxy: { '/api': 'http://127.0.0.1:4173', '/ws': { target: 'ws://127.0.0.1:4173', ws: true } },
  },
  preview: { headers: isolation },
})

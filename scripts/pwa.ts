import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const ground = '#0e0f12'

/** The web app manifest, and the service worker web/sw.ts with the list of files that make the app work offline. */
export function pwa(): Plugin[] {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: '.',
    filename: 'sw.ts',
    injectRegister: false, // the page registers it once the first picture is up: web/platform/install.ts
    includeManifestIcons: false, // the patterns below name them already
    injectManifest: {
      globPatterns: ['**/*.{html,js,mjs,css,svg,png,woff2,wasm,onnx,bin,json}'],
      // WebGPU's runtime is twice the size of the plain one and ffmpeg four times; not every machine uses them.
      globIgnores: ['**/*.{asyncify,jsep,jspi}*.wasm', '**/ffmpeg-core*', '.vite/**'],
      maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
    },
    manifest: {
      id: '/',
      name: 'Understudy',
      short_name: 'Understudy',
      description: 'Become someone else on camera or in a video, in the browser, with nothing uploaded.',
      lang: 'en',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      background_color: ground,
      theme_color: ground,
      categories: ['video', 'photo', 'entertainment'],
      icons: [
        { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
      ],
    },
  })
}

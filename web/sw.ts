/**
 * The service worker: keeps the app, its plain WebAssembly runtime and the embedded models, so that the page opens and
 * works with no network. What is cached was answered by our server and keeps its headers, so the page stays
 * cross-origin isolated (threads) offline too. Weights that people add are not its business.
 *
 * A new version waits until no page uses the old one, or until a page posts { type: 'SKIP_WAITING' } to it; the page
 * then hears `controllerchange` and reloads.
 */
import { cleanupOutdatedCaches, getCacheKeyForURL, matchPrecache, precache } from 'workbox-precaching'

declare const self: ServiceWorkerGlobalScope

/** Paths that open the one page, as in edge-server/routes/files.ts. */
const pages = new Set(['/', '/clip', '/generate', '/jobs', '/library', '/output'])

// Installing fetches every file of the list, or fails and leaves the old version in place.
precache(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// What the list leaves out for its size (WebGPU's runtime, ffmpeg) is kept once a page has used it.
const used = 'used-assets'

// The page that brought us here works offline from now on, without a reload.
self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), caches.delete(used)]))
})

self.addEventListener('message', (event) => {
  const { type } = (event.data ?? {}) as { type?: unknown }
  if (type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || request.headers.has('Range')) return
  if (pathname.startsWith('/api/') || pathname.startsWith('/ws/')) return // jobs change, files are large: the network's
  const path = request.mode === 'navigate' && pages.has(pathname) ? '/index.html' : pathname
  if (getCacheKeyForURL(path)) event.respondWith(fromList(path, request))
  else if (path.startsWith('/assets/')) event.respondWith(fromUsed(path, event))
})

// "Your job is done": to the page that is open already, or to a new one.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = (event.notification.data ?? {}) as { path?: unknown }
  event.waitUntil(openPage(typeof path === 'string' && pages.has(path) ? path : '/jobs'))
})

async function openPage(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' })
  const [page] = windows.filter(({ url }) => new URL(url).pathname !== '/output')
  if (!page) return void (await self.clients.openWindow(path))
  page.postMessage({ type: 'SHOW', path })
  await page.focus()
}

/** A browser short of space may have dropped the file; then the network has it. */
async function fromList(path: string, request: Request): Promise<Response> {
  return (await matchPrecache(path)) ?? fetch(request)
}

/** Names of assets carry a hash of their content, so what is kept is never stale. */
async function fromUsed(path: string, event: FetchEvent): Promise<Response> {
  const cache = await caches.open(used)
  const known = await cache.match(path, { ignoreVary: true })
  if (known) return known
  const response = await fetch(event.request)
  if (response.status === 200) {
    const keeping = cache.put(path, response.clone())
    event.waitUntil(keeping.catch(() => undefined)) // no space left: it works online
  }
  return response
}

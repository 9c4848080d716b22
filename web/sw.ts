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
const pages = new Set(['/', '/output'])

// Installing fetches every file of the list, or fails and leaves the old version in place.
precache(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// The page that brought us here works offline from now on, without a reload.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const { type } = (event.data ?? {}) as { type?: unknown }
  if (type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting())
})

self.addEventListener('fetch', (event) => {
  const path = cachedPath(event.request)
  if (path) event.respondWith(fromCache(path, event.request))
})

/** The path under which a request is answered from the cache; undefined leaves it to the network. */
function cachedPath(request: Request): string | undefined {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || request.headers.has('Range'))
    return undefined
  const path = request.mode === 'navigate' && pages.has(pathname) ? '/index.html' : pathname
  return getCacheKeyForURL(path) ? path : undefined
}

/** A browser short of space may have dropped the file; then the network has it. */
async function fromCache(path: string, request: Request): Promise<Response> {
  return (await matchPrecache(path)) ?? fetch(request)
}

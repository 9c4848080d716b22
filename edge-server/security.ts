/** What every answer carries, and which requests are turned away, so that no other site can reach into this one. */
import type { Context, MiddlewareHandler } from 'hono'
import { Refusal } from './errors'

// WebAssembly needs wasm-unsafe-eval; pictures and clips people choose, and snapshots, are blob: URLs. The AAC encoder
// starts its own thread from a blob: URL, which only scripts of ours could make.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const ours = [
  'camera',
  'microphone',
  'display-capture',
  'fullscreen',
  'picture-in-picture',
  'screen-wake-lock',
]
const nobodys = ['geolocation', 'payment', 'usb', 'serial', 'midi', 'hid']

const always: Readonly<Record<string, string>> = {
  // Threads in WebAssembly need a cross-origin isolated page.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': contentSecurityPolicy,
  'Permissions-Policy': [
    ...ours.map((name) => `${name}=(self)`),
    ...nobodys.map((name) => `${name}=()`),
  ].join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Puts the security headers on every answer, refusals included. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(always)) c.res.headers.set(name, value)
}

/**
 * A request must ask for this server by a name it has: a foreign name that was made to point here (DNS rebinding) would
 * otherwise read everything as if it were our own page. Throws a Refusal named ForbiddenHost.
 */
export function checkHost(c: Context, isOurs: (hostname: string) => boolean): void {
  const { hostname } = new URL(c.req.url)
  if (isOurs(hostname)) return
  throw new Refusal(403, 'ForbiddenHost', `This server does not answer to "${hostname}".`)
}

/**
 * Only pages of ours may use the API, and only they may change anything. A browser says where a request comes from; other
 * clients need not, unless `strict`. Throws a Refusal named ForbiddenOrigin.
 */
export function checkOrigin(c: Context, strict: boolean): void {
  const site = c.req.header('Sec-Fetch-Site')
  const origin = c.req.header('Origin')
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const must = strict || site !== undefined
  const isSilent = origin === undefined && must && (changes(c) || c.req.header('Upgrade') !== undefined)
  if (foreignSite || isSilent || (origin !== undefined && !isOwn(origin, new URL(c.req.url)))) {
    throw new Refusal(403, 'ForbiddenOrigin', 'Only pages of this server may ask for this.')
  }
}

/** True for requests that ask for more than to read. */
export const changes = (c: Context): boolean => c.req.method !== 'GET' && c.req.method !== 'HEAD'

/** A sandboxed page, or one from a file, has the origin "null". Without TLS, one in front of us may have added it. */
function isOwn(origin: string, url: URL): boolean {
  if (!URL.canParse(origin)) return false
  return url.protocol === 'https:' ? new URL(origin).origin === url.origin : new URL(origin).host === url.host
}

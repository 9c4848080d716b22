/** What every answer carries, and which requests are turned away, so that no other site can reach into this one. */
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from './config'
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
 * Where only this machine can connect, a request must also ask for this machine by name: a foreign name that was made to
 * point here (DNS rebinding) would otherwise read everything as if it were our own page.
 */
export const loopbackNamesOnly: MiddlewareHandler = async (c, next) => {
  const { hostname } = new URL(c.req.url)
  if (!isLoopback(hostname)) {
    throw new Refusal(403, 'ForbiddenHost', `This server answers to localhost only, not to "${hostname}".`)
  }
  await next()
}

/** Only pages of ours may use the API; a browser says where a request comes from, other clients need not. */
export const sameOriginOnly: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('Sec-Fetch-Site')
  const origin = c.req.header('Origin')
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (foreignSite || (origin !== undefined && hostOf(origin) !== new URL(c.req.url).host)) {
    throw new Refusal(403, 'ForbiddenOrigin', 'Only pages of this server may ask for this.')
  }
  await next()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

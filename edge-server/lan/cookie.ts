/** The cookie by which a paired device is known. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { UNSEEN_MS } from './devices'

// With this prefix browsers take it over HTTPS only, for this very host, whatever a network in between answers.
const NAME = 'understudy'
const PREFIX = 'host'
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const

/** The token of a request that came by HTTPS. */
export function tokenOf(c: Context): string | undefined {
  return new URL(c.req.url).protocol === 'https:' ? getCookie(c, NAME, PREFIX) : undefined
}

export function giveCookie(c: Context, token: string): void {
  setCookie(c, NAME, token, { ...ATTRIBUTES, prefix: PREFIX, maxAge: UNSEEN_MS / 1000 })
}

/** Another year for a device that still comes. */
export function renewCookie(c: Context): void {
  const token = tokenOf(c)
  if (token) giveCookie(c, token)
}

export function takeCookie(c: Context): void {
  deleteCookie(c, NAME, { ...ATTRIBUTES, prefix: PREFIX })
}

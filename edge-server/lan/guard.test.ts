/** A real server with the guard in front, as strangers and paired devices see it. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { NetworkClient } from '../../tests/app/network-client'
import {
  closeNetworkServer,
  folder,
  lan,
  later,
  name,
  newCode,
  nowMs,
  openNetworkServer,
  own,
  ownJson,
  paired,
  plain,
  port,
  printedCode,
  received,
  stranger,
} from '../../tests/lan/network-server'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1'

beforeEach(openNetworkServer)
afterEach(closeNetworkServer)

describe('a stranger', () => {
  test('gets a page that says what to do, and its parts, and nothing else', async () => {
    const client = stranger()
    const page = await client.ask('/library?x=1', { headers: { Accept: 'text/html,*/*' } })
    expect([page.status, page.headers['content-type']]).toEqual([401, 'text/html; charset=UTF-8'])
    expect(page.text).toContain('This device is not paired yet')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    const scripts = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
    expect(scripts).toEqual(['/pair/pair.css', '/pair/pair.js'])
    expect(page.text).not.toMatch(/<script>|<style|\son\w+=|style=/) // the policy would stop it
    for (const path of [...scripts, '/pair']) expect((await client.ask(path)).status).toBe(200)
    expect((await client.ask('/api/pair')).json()).toEqual({ lan: true, client: 'stranger' })
  })

  test.each([
    ['GET', '/api/thing'],
    ['POST', '/api/thing'],
    ['POST', '/api/upload/any'],
    ['GET', '/'],
    ['GET', '/assets/main.js'],
    ['POST', '/api/pair/code'],
    ['GET', '/api/pair/devices'],
    ['DELETE', '/api/pair/devices/3f0c2e6e-0000-4000-8000-000000000000'],
    ['GET', '/%61pi/thing'],
    ['GET', '/pairing'],
    ['OPTIONS', '/api/thing'],
  ])('is refused %s %s', async (method, path) => {
    const body = method === 'POST' ? { a: 1 } : undefined
    const answer = await stranger().ask(path, { method, body })
    expect([answer.status, answer.error]).toEqual([401, 'NotPaired'])
    expect(received).toBe(0)
  })

  test('may say what it likes in headers: it stays one', async () => {
    const headers = {
      'X-Forwarded-For': '127.0.0.1',
      'X-Real-IP': '127.0.0.1',
      Forwarded: 'for=127.0.0.1',
      Cookie: '__Host-understudy=AAAA; understudy=AAAA',
    }
    expect((await stranger().ask('/api/thing', { headers })).error).toBe('NotPaired')
    expect(await stranger().socket('/ws/any', headers)).toBe(401)
  })
})

describe('pairing', () => {
  test('by the printed link lets a browser in; its cookie goes by HTTPS, to this host, from its own pages only', async () => {
    const client = stranger()
    const answer = await client.ask('/api/pair', {
      method: 'POST',
      body: { code: printedCode() },
      headers: { 'User-Agent': IPHONE },
    })
    expect(answer.json()).toMatchObject({ name: 'Safari on iPhone' })
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-understudy=[\w-]{43}; /)
    expect(cookie.split('; ').slice(1).sort()).toEqual(
      ['HttpOnly', 'Max-Age=31536000', 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
    )
    expect((await client.ask('/')).text).toBe('the page')
    expect((await client.ask('/api/thing')).json()).toEqual({ client: 'device' })
    const socket = (await client.socket('/ws/any')) as WebSocket
    socket.send('hello')
    expect(String((await once(socket, 'message'))[0])).toBe('hello!')
    expect(readFileSync(join(folder, 'lan/devices.json'), 'utf8')).not.toContain(client.cookie!.split('=')[1])
  })

  test('works once, and for ten minutes', async () => {
    const code = printedCode()
    const redeem = (it: string) => stranger().ask('/api/pair', { method: 'POST', body: { code: it } })
    expect((await redeem(code)).status).toBe(200)
    const again = await redeem(code)
    expect([again.status, again.error, again.headers['set-cookie']]).toEqual([401, 'NotPaired', undefined])
    const late = newCode()
    later(600_001)
    expect((await redeem(late)).error).toBe('NotPaired')
  })

  test('cannot be guessed: after five tries one has to wait', async () => {
    const guess = (code: string) => stranger().ask('/api/pair', { method: 'POST', body: { code } })
    for (let i = 0; i < 5; i++) expect((await guess(`guess-${i}`)).status).toBe(401)
    const sixth = await guess(printedCode())
    expect([sixth.status, sixth.error, sixth.headers['retry-after']]).toEqual([429, 'TooMany', '6'])
    later(6000)
    expect((await guess(printedCode())).status).toBe(200)
  })

  test.each([
    ['no JSON', '{', 400],
    ['no code', {}, 400],
    ['a code that is none', { code: 7 }, 400],
    ['too much', { code: 'x'.repeat(5000) }, 413],
  ])('refuses %s', async (_, body, status) => {
    const headers = { 'Content-Type': 'application/json', Origin: `https://${name}:${port}` }
    const client = stranger()
    const answer =
      typeof body === 'string'
        ? await client.ask('/api/pair', { method: 'POST', headers: { ...headers, 'Content-Length': 0 } })
        : await client.ask('/api/pair', { method: 'POST', body })
    expect([answer.status, answer.headers['set-cookie']]).toEqual([status, undefined])
    expect(answer.error).toBeDefined()
  })

  test('a new code is for the owner only, and comes as a picture too', async () => {
    const answer = await own('/api/pair/code', { method: 'POST' })
    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'no-store'])
    const { url, svg, endsMs } = (await answer.json()) as { url: string; svg: string; endsMs: number }
    expect(endsMs).toBe(nowMs + 600_000)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+">/)
    const [, link, code] = /^(https:\/\/[^/]+\/pair)#([\w-]{22})$/.exec(url)!
    expect(link).toMatch(new RegExp(`:${port}/pair$`))
    expect((await stranger().ask('/api/pair', { method: 'POST', body: { code } })).status).toBe(200)
    const device = await paired()
    expect((await device.ask('/api/pair/code', { method: 'POST' })).error).toBe('OwnerOnly')
    expect(
      (await own('/api/pair', { method: 'POST', headers: ownJson(), body: '{"code":"x"}' })).status,
    ).toBe(409)
  })

  test('a device that pairs again is in the list once', async () => {
    const device = await paired()
    const [before] = lan.network!.devices.list
    const { cookie } = device
    expect((await device.ask('/api/pair', { method: 'POST', body: { code: newCode() } })).status).toBe(200)
    expect(lan.network!.devices.list.map(({ id }) => id)).toEqual([before!.id])
    expect(device.cookie).not.toBe(cookie)
    expect((await device.ask('/api/thing')).status).toBe(200)
  })
})

describe('a device', () => {
  test('is listed and can be removed: it is out at once, open connections too', async () => {
    const [one, two] = [await paired(), await paired()]
    const socket = (await one.socket('/ws/any')) as WebSocket
    const closed = once(socket, 'close')
    const { devices } = (await (await own('/api/pair/devices')).json()) as { devices: { id: string }[] }
    expect(devices).toHaveLength(2)
    expect(JSON.stringify(devices)).not.toMatch(/hash|token/i)
    const mine = (await one.ask('/api/pair/devices')).json().devices
    expect(mine).toEqual([devices[0]])
    // Not the other one, of which it knows nothing.
    const other = await one.ask(`/api/pair/devices/${devices[1]!.id}`, { method: 'DELETE' })
    expect([other.status, other.error]).toEqual([404, 'NotFound'])
    const removed = await own(`/api/pair/devices/${devices[0]!.id}`, { method: 'DELETE', headers: ownJson() })
    expect(removed.status).toBe(204)
    expect((await closed)[0]).toBe(1006)
    expect((await one.ask('/api/thing')).error).toBe('NotPaired')
    expect((await two.ask('/api/thing')).status).toBe(200)
    expect((await own(`/api/pair/devices/x`, { method: 'DELETE' })).status).toBe(400)
  })

  test('may remove itself', async () => {
    const device = await paired()
    const [{ id }] = (await device.ask('/api/pair/devices')).json().devices
    const { cookie } = device
    const left = await device.ask(`/api/pair/devices/${id}`, { method: 'DELETE' })
    expect([left.status, device.cookie]).toEqual([204, undefined])
    device.cookie = cookie
    expect((await device.ask('/api/thing')).error).toBe('NotPaired')
  })

  test('its cookie is worth nothing without HTTPS, where nobody sends it anyway', async () => {
    const device = await paired()
    const headers = { Host: `${name}:${port}`, Cookie: device.cookie! }
    const answer = await plain('/api/thing', headers)
    expect([answer.status, answer.headers.location]).toEqual([308, `https://${name}:${port}/api/thing`])
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/any`, { headers })
    await expect(once(socket, 'open')).rejects.toThrow()
  })

  test('gets a new year of its cookie when it comes back after a day', async () => {
    const device = await paired()
    expect((await device.ask('/')).headers['set-cookie']).toBe(undefined)
    later(25 * 60 * 60 * 1000)
    const { headers } = await device.ask('/')
    expect(headers['set-cookie']?.[0]).toContain(`${device.cookie}; Max-Age=31536000`)
    expect((await device.ask('/')).headers['set-cookie']).toBe(undefined)
  })

  test('is slowed down by itself alone where it asks too often', async () => {
    const [one, two] = [await paired(), await paired()]
    const statuses: number[] = []
    for (let i = 0; i < 31; i++)
      statuses.push((await one.ask('/api/generate', { method: 'POST', body: {} })).status)
    expect(statuses).toEqual([...Array(30).fill(202), 429])
    expect((await one.ask('/api/thing')).status).toBe(200)
    expect((await two.ask('/api/generate', { method: 'POST', body: {} })).status).toBe(202)
    later(2000)
    expect((await one.ask('/api/generate', { method: 'POST', body: {} })).status).toBe(202)
  })

  test('uploads no more in a day than it may, counted by what came', async () => {
    const [one, two] = [await paired(), await paired()]
    const upload = (client: NetworkClient, bytes: number, headers = {}) =>
      client.ask('/api/upload/any', { method: 'POST', body: 'x'.repeat(bytes), headers })
    expect((await upload(one, 60_000)).status).toBe(201)
    const more = await upload(one, 60_000)
    expect([more.status, more.error]).toEqual([507, 'QuotaExceeded'])
    expect((await upload(one, 20_000)).status).toBe(201) // the refused one did not count
    // The beginning of one in pieces that will never fit.
    const began = await upload(one, 0, { 'Upload-Length': '90000' })
    expect(began.error).toBe('QuotaExceeded')
    expect((await upload(one, 0, { 'Upload-Length': '15000' })).status).toBe(201)
    expect((await upload(one, 15_000)).status).toBe(201) // announcing was not yet sending
    expect((await upload(two, 60_000)).status).toBe(201)
    later(24 * 60 * 60 * 1000)
    expect((await upload(one, 60_000)).status).toBe(201)
  })
})

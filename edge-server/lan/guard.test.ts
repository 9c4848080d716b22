/** A real server with the guard in front, as the network, the owner and other sites see it. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type NetworkClient, networkClient } from '../../tests/app/network-client'
import { answerError } from '../errors'
import { securityHeaders } from '../security'
import type { Client } from './client'
import { ownNames } from './names'
import { type Lan, openLan } from './open-lan'
import { pairPageRoutes } from './pair-page'
import { pairRoutes } from './pair-routes'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1'
/** What the network calls this machine. */
const name = ownNames()[1] ?? 'test.local'

let folder: string
let lan: Lan
let server: http.Server
let port: number
let ca: string
let nowMs: number
let greeting: string
let received: number
let sockets: WebSocketServer

beforeEach(async () => {
  nowMs = Date.now()
  received = 0
  folder = mkdtempSync(join(tmpdir(), 'lan-'))
  const config = { host: '127.0.0.1', lan: { certificate: undefined }, dataFolder: folder }
  // Over IPv4 loopback only, so that the test opens no port to the network.
  lan = await openLan({ ...config, limits: { deviceDayBytes: 100_000 } }, { now: () => nowMs, bodyMs: 300 })
  const app = new Hono()
  app.onError(answerError)
  app.use(securityHeaders)
  app.use(lan.guard)
  app.route('/api/pair', pairRoutes(lan.network)).route('/pair', pairPageRoutes())
  app.get('/', (c) => c.html('the page'))
  app.get('/api/thing', (c) => c.json({ client: (c.get('client') as Client).name }))
  app.post('/api/thing', async (c) => c.json({ got: await c.req.text() }))
  app.post('/api/generate', (c) => c.json({}, 202))
  app.on(['POST', 'PATCH'], '/api/upload/any', async (c) => {
    received += (await c.req.arrayBuffer()).byteLength
    return c.json({ received }, 201)
  })
  app.get(
    '/ws/any',
    upgradeWebSocket(() => ({ onMessage: ({ data }, ws) => ws.send(`${data}!`) })),
  )
  sockets = new WebSocketServer({ noServer: true })
  const websocket = { server: sockets as WebSocketServerLike } // which says no `undefined` where ws says it
  server = serve({
    fetch: app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    websocket,
    ...lan.serving,
  }) as http.Server
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  greeting = lan.greet(port)
  ca = readFileSync(join(folder, 'lan/cert.pem'), 'utf8')
})

afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate()
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  await lan[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
  vi.restoreAllMocks()
})

const stranger = () => networkClient(port, name, ca)
const printedCode = () => /\/pair#([\w-]+)/.exec(greeting)![1]!
const newCode = () => lan.network!.codes.make().code
async function paired(): Promise<NetworkClient> {
  const client = stranger()
  const answer = await client.ask('/api/pair', { method: 'POST', body: { code: newCode() } })
  expect(answer.status).toBe(200)
  return client
}
/** As the owner's browser asks, by plain HTTP at localhost. */
const own = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init)
const ownPage = { Origin: '', 'Content-Type': 'application/json' }

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
    nowMs += 600_001
    expect((await redeem(late)).error).toBe('NotPaired')
  })

  test('cannot be guessed: after five tries one has to wait', async () => {
    const guess = (code: string) => stranger().ask('/api/pair', { method: 'POST', body: { code } })
    for (let i = 0; i < 5; i++) expect((await guess(`guess-${i}`)).status).toBe(401)
    const sixth = await guess(printedCode())
    expect([sixth.status, sixth.error, sixth.headers['retry-after']]).toEqual([429, 'TooMany', '6'])
    nowMs += 6000
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

const ownJson = () => ({ ...ownPage, Origin: `http://127.0.0.1:${port}` })

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
    nowMs += 25 * 60 * 60 * 1000
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
    nowMs += 2000
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
    nowMs += 24 * 60 * 60 * 1000
    expect((await upload(one, 60_000)).status).toBe(201)
  })
})

/** A request without TLS whose Host header says what it likes. */
async function plain(path: string, headers: http.OutgoingHttpHeaders, method = 'GET') {
  const request = http.request({ host: '127.0.0.1', port, path, headers, method, agent: false }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode, headers: response.headers, text }
}

describe('other names and other sites', () => {
  test.each(['evil.example', '192.0.2.77', 'localhost.evil.example', `${name}.evil.example`, '0.0.0.0'])(
    'nothing answers to the Host %s, for the owner neither',
    async (host) => {
      const device = await paired()
      const asked = { headers: { Host: `${host}:${port}` } }
      expect((await device.ask('/api/thing', asked)).error).toBe('ForbiddenHost')
      expect((await device.ask('/', asked)).error).toBe('ForbiddenHost')
      const answer = await plain('/', { Host: host })
      expect([answer.status, answer.headers.location]).toEqual([403, undefined])
    },
  )

  test.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['another port', { Origin: `https://${name}:1` }],
    ['the same without TLS', { Origin: `http://${name}` }],
    ['no site', { Origin: 'null' }],
    ['a neighbour, by its own word', { 'Sec-Fetch-Site': 'same-site' }],
    ['another site, by its own word', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('a page of %s reaches neither the API nor a WebSocket, cookie or not', async (_, headers) => {
    const device = await paired()
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await device.ask('/api/thing', {
        method,
        headers,
        ...(method === 'POST' ? { body: {} } : {}),
      })
      expect([method, answer.status, answer.error]).toEqual([method, 403, 'ForbiddenOrigin'])
    }
    expect(await device.socket('/ws/any', headers as Record<string, string>)).toBe(403)
    for (const path of ['/api/thing', '/api/pair/code']) {
      expect((await own(path, { method: 'POST', headers: headers as Record<string, string> })).status).toBe(
        403,
      )
    }
  })

  test('a link from another site may lead to the page', async () => {
    const device = await paired()
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    expect((await device.ask('/', { headers })).text).toBe('the page')
    expect((await device.ask('/', { method: 'POST', headers, body: {} })).error).toBe('ForbiddenOrigin')
  })

  test('a device says where a change comes from; a program of the owner need not', async () => {
    const device = await paired()
    const silent = { method: 'POST', body: {}, headers: { Origin: undefined } }
    expect((await device.ask('/api/thing', silent)).error).toBe('ForbiddenOrigin')
    expect((await own('/api/thing', { method: 'POST', body: '{}' })).status).toBe(200)
    const browser = { 'Sec-Fetch-Site': 'same-origin' } // one that hides its origin
    expect((await plain('/api/thing', { Host: `localhost:${port}`, ...browser }, 'POST')).status).toBe(403)
  })
})

describe('the owner', () => {
  test('needs no pairing at localhost, with TLS or without', async () => {
    expect(await (await own('/api/thing')).json()).toEqual({ client: 'owner' })
    expect((await (await own('/api/pair')).json()) as unknown).toEqual({ lan: true, client: 'owner' })
    const secure = networkClient(port, 'localhost', ca)
    expect((await secure.ask('/api/thing')).json()).toEqual({ client: 'owner' })
    const socket = new WebSocket(`ws://localhost:${port}/ws/any`, { family: 4 })
    await once(socket, 'open')
    socket.send('hello')
    expect(String((await once(socket, 'message'))[0])).toBe('hello!')
    socket.terminate()
  })

  test('is told where the page is, the link, and how to know the certificate', () => {
    expect(greeting.split('\n')[0]).toBe(`Understudy is at http://127.0.0.1:${port}/`)
    expect(greeting).toMatch(/[▀▄█]{10}/)
    const fingerprint = /SHA-256 begins with\n([0-9A-F:]{23})\./.exec(greeting)?.[1]
    expect(fingerprint).toMatch(/^[0-9A-F]{2}(:[0-9A-F]{2}){7}$/)
  })

  test('many requests on one connection, sent at once, are answered in order', async () => {
    const socket = net.connect(port, '127.0.0.1')
    const ask = (path: string, last = '') => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${last}\r\n`
    socket.write(ask('/') + ask('/api/thing'))
    socket.write(ask('/api/pair', 'Connection: close\r\n'))
    let text = ''
    for await (const part of socket) text += part
    const bodies = [...text.matchAll(/the page|\{"client":"owner"\}|\{"lan":true,"client":"owner"\}/g)]
    expect(bodies.map(([body]) => body)).toEqual([
      'the page',
      '{"client":"owner"}',
      '{"lan":true,"client":"owner"}',
    ])
  })
})

describe('the port', () => {
  test('survives what is neither TLS nor HTTP, and connections that end before they begin', async () => {
    for (const bytes of [
      '',
      '\x16',
      '\x16\x03\x01\x00\x05hello',
      '\x00\x01\x02',
      'GET',
      'HELLO WORLD\r\n\r\n',
    ]) {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.end(bytes)
      socket.resume()
      await once(socket, 'close')
    }
    expect((await own('/')).status).toBe(200)
  })

  test('cuts who sends the body of a request too slowly, but not an upload', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {}) // the log hears of the one that was cut
    const begin = (path: string) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('error', () => {}).resume()
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`)
      return socket
    }
    const upload = begin('/api/upload/any')
    const startMs = performance.now()
    await once(begin('/api/thing'), 'close')
    expect(performance.now() - startMs).toBeGreaterThan(250)
    expect(upload.closed).toBe(false)
    upload.end('x'.repeat(96))
    await once(upload, 'close')
    expect(received).toBe(100)
  })

  test('speaks no TLS older than 1.2', async () => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca, servername: name, maxVersion: 'TLSv1.1' })
    await expect(once(socket, 'secureConnect')).rejects.toThrow()
  })

  test('ends with open connections of both kinds', async () => {
    const idle = new http.Agent({ keepAlive: true })
    const request = http.request({ host: '127.0.0.1', port, agent: idle }).end()
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    await once(response, 'end')
    const other = tls.connect({ port, host: '127.0.0.1', ca, servername: name })
    await once(other, 'secureConnect')
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    server.closeAllConnections()
    await closed
    idle.destroy()
    server.listen(0) // for the hook after each test
    await once(server, 'listening')
  })
})

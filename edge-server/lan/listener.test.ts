/** One port for TLS and plain HTTP, and who is turned away from it; the owner is not. */
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { networkClient } from '../../tests/app/network-client'
import {
  ca,
  closeNetworkServer,
  greeting,
  name,
  openNetworkServer,
  own,
  paired,
  plain,
  port,
  received,
  server,
} from '../../tests/lan/network-server'

beforeEach(openNetworkServer)
afterEach(closeNetworkServer)

afterEach(() => vi.restoreAllMocks())

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
    expect(performance.now() - startMs).toBeGreaterThan(700)
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

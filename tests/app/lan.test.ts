/** The built server with --lan, as a phone in the network finds it. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { ownNames } from '../../edge-server/lan/names'
import { launchApp } from '../browser/launch'
import { type Served, serveBuilt } from '../browser/serve'
import { type NetworkClient, networkClient } from './network-client'

/** A name of this machine that is not localhost: asked for by it, the server takes nobody for its owner. */
const name = ownNames().find((it) => it.endsWith('.local')) ?? ''

const portOf = ({ origin }: Served) => Number(new URL(origin).port)
const certOf = ({ dataFolder }: Served) => readFileSync(join(dataFolder, 'lan/cert.pem'), 'utf8')
const network = (served: Served) => networkClient(portOf(served), name, certOf(served))
const printedLink = (served: Served) =>
  expect.poll(() => /https:\S+\/pair#[\w-]{22}/.exec(served.output())?.[0]).toBeDefined()
async function printedCode(served: Served): Promise<string> {
  await printedLink(served)
  return /\/pair#([\w-]{22})/.exec(served.output())![1]!
}
async function newCode({ origin }: Served): Promise<{ url: string; code: string }> {
  const answer = await fetch(`${origin}/api/pair/code`, { method: 'POST', headers: { Origin: origin } })
  const { url } = (await answer.json()) as { url: string }
  return { url, code: new URL(url).hash.slice(1) }
}
async function paired(served: Served): Promise<NetworkClient> {
  const client = network(served)
  const { code } = await newCode(served)
  expect((await client.ask('/api/pair', { method: 'POST', body: { code } })).status).toBe(200)
  return client
}

let server: Served
beforeAll(async () => {
  expect(name).not.toBe('')
  server = await serveBuilt({ args: ['--lan', '--host', '127.0.0.1'] })
})
afterAll(() => server.stop())

test('the printed link pairs one device, once, over HTTPS', async () => {
  expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const code = await printedCode(server)
  const phone = network(server)
  expect((await phone.ask('/', { headers: { Accept: 'text/html' } })).status).toBe(401)
  expect((await phone.ask('/pair')).status).toBe(200)
  expect((await phone.ask('/api/pair', { method: 'POST', body: { code } })).status).toBe(200)
  expect((await phone.ask('/')).text).toContain('<title>Understudy')
  expect((await phone.ask('/api/health')).json()).toMatchObject({ name: 'understudy' })
  const again = await network(server).ask('/api/pair', { method: 'POST', body: { code } })
  expect([again.status, again.error]).toEqual([401, 'NotPaired'])
})

describe('nobody else', () => {
  const questions = [
    ['GET', '/'],
    ['GET', '/models/face-mesh.onnx'],
    ['GET', '/sw.js'],
    ['GET', '/api/health'],
    ['GET', '/api/jobs'],
    ['GET', '/api/openapi.json'],
    ['GET', `/api/files/${'0'.repeat(64)}`],
    ['GET', '/api/output/live/studio'],
    ['POST', '/api/generate'],
    ['POST', '/api/prompt/parse'],
    ['POST', '/api/upload/image'],
    ['POST', '/api/upload/tus'],
    ['POST', '/api/pair/code'],
    ['GET', '/api/pair/devices'],
  ] as const
  test.each(questions)('is answered %s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined
    const answer = await network(server).ask(path, { method, body })
    expect([answer.status, answer.error]).toEqual([401, 'NotPaired'])
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('reaches a WebSocket', async () => {
    expect(await network(server).socket('/ws/jobs')).toBe(401)
    const phone = await paired(server)
    const socket = (await phone.socket('/ws/jobs')) as WebSocket
    socket.terminate()
    expect(await phone.socket('/ws/jobs', { Origin: 'https://evil.example' })).toBe(403)
    expect(await phone.socket('/ws/jobs', { Host: `evil.example:${portOf(server)}` })).toBe(403)
  })

  test('comes by another name or from another site, with the cookie of a device neither', async () => {
    const phone = await paired(server)
    const rebound = await phone.ask('/api/jobs', { headers: { Host: `evil.example:${portOf(server)}` } })
    expect(rebound.error).toBe('ForbiddenHost')
    for (const Origin of ['https://evil.example', 'null']) {
      expect((await phone.ask('/api/jobs', { headers: { Origin } })).error).toBe('ForbiddenOrigin')
      const change = await phone.ask('/api/generate', { method: 'POST', body: {}, headers: { Origin } })
      expect(change.error).toBe('ForbiddenOrigin')
    }
  })

  test('guesses a code', async () => {
    await using other = await serveBuilt({ args: ['--lan', '--host', '127.0.0.1'] })
    const guess = (code: string) => network(other).ask('/api/pair', { method: 'POST', body: { code } })
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await guess('A'.repeat(22))).status)
    // Five at once, then one for every six seconds that passed meanwhile.
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  })
})

test('a device that is removed is out at once, its WebSocket too', async () => {
  const phone = await paired(server)
  const socket = (await phone.socket('/ws/jobs')) as WebSocket
  const closed = new Promise((done) => socket.on('close', done))
  const [{ id }] = (await phone.ask('/api/pair/devices')).json().devices
  const url = `${server.origin}/api/pair/devices/${id}`
  const removed = await fetch(url, { method: 'DELETE', headers: { Origin: server.origin } })
  expect(removed.status).toBe(204)
  await closed
  expect((await phone.ask('/api/jobs')).error).toBe('NotPaired')
})

test('what lets in is private on disk', async () => {
  const mode = (path: string) => (statSync(join(server.dataFolder, 'lan', path)).mode & 0o777).toString(8)
  const phone = await paired(server)
  expect(readdirSync(join(server.dataFolder, 'lan')).sort()).toEqual(['cert.pem', 'devices.json', 'key.pem'])
  expect(['', 'key.pem', 'cert.pem', 'devices.json'].map(mode)).toEqual(['700', '600', '600', '600'])
  expect(readFileSync(join(server.dataFolder, 'lan/devices.json'), 'utf8')).not.toContain(
    phone.cookie!.split('=')[1],
  )
})

test('a device stays known after a restart, by a certificate that is the same', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lan-restart-'))
  try {
    await using first = await serveBuilt({ args: ['--lan', '--host', '127.0.0.1'], dataFolder })
    const { cookie } = await paired(first)
    const cert = certOf(first)
    expect(await first.stop()).toBe(0)
    await using second = await serveBuilt({ args: ['--lan', '--host', '127.0.0.1'], dataFolder })
    const again = networkClient(portOf(second), name, cert)
    again.cookie = cookie
    expect((await again.ask('/api/pair')).json()).toEqual({ lan: true, client: 'device' })
  } finally {
    rmSync(dataFolder, { recursive: true, maxRetries: 5 })
  }
})

test('a phone pairs by the link in its browser, and is told so where the link was used', async () => {
  const { url } = await newCode(server)
  // The name of the link is known to the network's own name service, which a test has not.
  const flags = ['--host-resolver-rules=MAP * 127.0.0.1']
  const context = { ignoreHTTPSErrors: true, viewport: { width: 390, height: 844 }, hasTouch: true }
  const there = new URL(url)
  there.hostname = name
  await using app = await launchApp({ origin: there.origin, path: `/pair${there.hash}`, flags, context })
  const { page } = app
  await page.getByRole('button', { name: 'Pair this device' }).click()
  await page.waitForURL(`${there.origin}/`)
  expect(await page.title()).toContain('Understudy')
  const cookies = await page.context().cookies()
  expect(cookies).toMatchObject([
    { name: '__Host-understudy', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
  ])
  expect(await page.evaluate(() => document.cookie)).toBe('')

  await page.context().clearCookies()
  await page.goto(`${there.origin}/library`)
  await page.getByText('This device is not paired yet').waitFor()
  await page.goto(`${there.origin}/pair${there.hash}`)
  await page.getByRole('button', { name: 'Pair this device' }).click()
  await page.getByText('This code was used already or has ended').waitFor()
  expect(page.url()).toBe(`${there.origin}/pair`) // the code has left the address
})

test('the owner pairs a phone in the settings, sees it, and removes it', async () => {
  await using app = await launchApp({ origin: server.origin, path: '/' })
  const { page } = app
  await page.getByRole('checkbox', { name: /permission/ }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Settings' }).click()
  const phones = page.locator('section', { has: page.getByRole('heading', { name: 'Phones' }) })
  await phones.getByRole('button', { name: 'Pair a phone' }).click()
  const picture = phones.getByRole('img', { name: 'Pairing code' })
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  const link = await phones.getByRole('link').getAttribute('href')
  const phone = network(server)
  const headers = { 'User-Agent': 'Mozilla/5.0 (iPad; CPU OS 19_0) Version/19.0 Mobile Safari/604.1' }
  const code = new URL(link!).hash.slice(1)
  expect((await phone.ask('/api/pair', { method: 'POST', body: { code }, headers })).status).toBe(200)
  await phones.getByText('Safari on iPad').waitFor()
  await expect.poll(() => picture.count()).toBe(0) // it was used
  await phones.getByRole('button', { name: 'Remove Safari on iPad' }).click()
  await expect.poll(() => phones.getByText('Safari on iPad').count()).toBe(0)
  expect((await phone.ask('/api/health')).error).toBe('NotPaired')
  expect(app.problems).toEqual([])
})

describe('a certificate of one’s own', () => {
  test('is used', async () => {
    const cert = join(server.dataFolder, 'lan/cert.pem')
    const key = join(server.dataFolder, 'lan/key.pem')
    await using own = await serveBuilt({
      args: ['--lan', '--host', '127.0.0.1', '--cert', cert, '--key', key],
    })
    const shown = await new Promise<string>((found, failed) => {
      const request = https.get({
        host: '127.0.0.1',
        port: portOf(own),
        rejectUnauthorized: false,
        agent: false,
      })
      request.on('response', (response) => {
        found((response.socket as import('node:tls').TLSSocket).getPeerX509Certificate()!.fingerprint256)
        response.resume()
      })
      request.on('error', failed)
    })
    expect(shown).toBe(new X509Certificate(readFileSync(cert)).fingerprint256)
    expect(readdirSync(join(own.dataFolder, 'lan'))).not.toContain('key.pem')
  })

  test('that does not fit stops the start with one sentence', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = join(server.dataFolder, 'lan/cert.pem')
    const key = join(server.dataFolder, 'other.pem')
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const start = serveBuilt({ args: ['--lan', '--host', '127.0.0.1', '--cert', cert, '--key', key] })
    const sentence = `--key ${key} is not the key of the certificate ${cert}.`
    await expect(start).rejects.toThrow(`The server ended with 2: ${sentence}\n`)
  })
})

test('without --lan nothing of it is there', async () => {
  await using plain = await serveBuilt()
  expect(await (await fetch(`${plain.origin}/api/pair`)).json()).toEqual({ lan: false, client: 'owner' })
  expect((await fetch(`${plain.origin}/api/pair/code`, { method: 'POST' })).status).toBe(409)
  expect(readdirSync(plain.dataFolder)).not.toContain('lan')
  expect(plain.output()).not.toMatch(/[▀▄█]|pair/)
})

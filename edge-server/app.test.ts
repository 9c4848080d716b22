import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openParts } from '../tests/api/parts'
import { createApp } from './app'

const folder = mkdtempSync(join(tmpdir(), 'edge-'))
const webRoot = join(folder, 'web')
const script = `console.log(${JSON.stringify('x'.repeat(5000))})\n`
const wasm = new Uint8Array(1000).map((_, i) => i)

beforeAll(async () => {
  await mkdir(join(webRoot, 'assets'), { recursive: true })
  await mkdir(join(webRoot, '.vite'))
  await writeFile(join(folder, 'secret.txt'), 'not yours')
  await writeFile(join(webRoot, '.vite/manifest.json'), '{}')
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Understudy</title>')
  await writeFile(join(webRoot, 'sw.js'), '// worker')
  await writeFile(join(webRoot, 'manifest.webmanifest'), '{}')
  await writeFile(join(webRoot, 'empty.txt'), '')
  await writeFile(join(webRoot, 'assets/main-abc.js'), script)
  await writeFile(join(webRoot, 'assets/main-abc.js.br'), brotliCompressSync(script))
  await writeFile(join(webRoot, 'assets/run-abc.wasm'), wasm)
})
const parts = await openParts({ webRoot })
afterAll(async () => {
  await parts[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const app = createApp(parts)
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(`http://localhost:4173${path}`, { method, headers })
const errorName = async (response: Response) =>
  ((await response.json()) as { error: { name: string } }).error.name

describe('every answer', () => {
  test.each(['/', '/assets/run-abc.wasm', '/api/health', '/api/nothing', '/nothing'])(
    '%s is isolated and strict',
    async (path) => {
      const { headers } = await get(path)
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
      expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(headers.get('Permissions-Policy')).toContain('camera=(self)')
      const policy = headers.get('Content-Security-Policy')
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
      expect(policy).not.toContain('unsafe-inline')
    },
  )
})

describe('pages and files', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/clip', 'text/html; charset=utf-8', 'no-cache'],
    ['/library', 'text/html; charset=utf-8', 'no-cache'],
    ['/generate', 'text/html; charset=utf-8', 'no-cache'],
    ['/jobs', 'text/html; charset=utf-8', 'no-cache'],
    ['/output', 'text/html; charset=utf-8', 'no-cache'],
    ['/output?room=live', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    ['/assets/main-abc.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/run-abc.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
  ])('%s is %s, cached as %s', async (path, type, caching) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe(type)
    expect(response.headers.get('Cache-Control')).toBe(caching)
    await response.arrayBuffer()
  })

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.vite/manifest.json',
    '/assets',
    '/assets/',
    '/empty.txt%00.js',
    '/%E0%A4%A',
    '/studio/unknown',
    `/${'a'.repeat(300)}`,
  ])('%s is not found', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(await errorName(response)).toBe('NotFound')
  })

  test('a compressed variant is sent to those who accept it, and unpacks to the file', async () => {
    const small = await get('/assets/main-abc.js', { 'Accept-Encoding': 'gzip, deflate, br' })
    expect(small.headers.get('Content-Encoding')).toBe('br')
    expect(small.headers.get('Vary')).toBe('Accept-Encoding')
    expect(brotliDecompressSync(Buffer.from(await small.arrayBuffer())).toString()).toBe(script)
    const plain = await get('/assets/main-abc.js', { 'Accept-Encoding': 'gzip, br;q=0' })
    expect(plain.headers.get('Content-Encoding')).toBe(null)
    expect(await plain.text()).toBe(script)
    expect(plain.headers.get('ETag')).not.toBe(small.headers.get('ETag'))
  })

  test('an unchanged file is not sent again; a changed one is', async () => {
    const etag = (await get('/sw.js')).headers.get('ETag')!
    const again = await get('/sw.js', { 'If-None-Match': `"other", W/${etag}` })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    await writeFile(join(webRoot, 'sw.js'), '// another worker')
    expect((await get('/sw.js', { 'If-None-Match': etag })).status).toBe(200)
  })

  test('HEAD gives the headers only', async () => {
    const response = await get('/assets/run-abc.wasm', {}, 'HEAD')
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Length')).toBe('1000')
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  })

  test('an empty file is an empty answer', async () => {
    const response = await get('/empty.txt')
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})

describe('ranges', () => {
  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=990-', 990, 1000],
    ['bytes=-5', 995, 1000],
    ['bytes=998-5000', 998, 1000],
    ['bytes=-5000', 0, 1000],
  ])('%s', async (range, start, end) => {
    const response = await get('/assets/run-abc.wasm', { Range: range, 'Accept-Encoding': 'br' })
    expect(response.status).toBe(206)
    expect(response.headers.get('Content-Range')).toBe(`bytes ${start}-${end - 1}/1000`)
    expect(response.headers.get('Content-Length')).toBe(String(end - start))
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(wasm.slice(start, end))
  })

  test.each(['bytes=1000-', 'bytes=-0'])('%s begins after the end', async (range) => {
    const response = await get('/assets/run-abc.wasm', { Range: range })
    expect(response.status).toBe(416)
    expect(response.headers.get('Content-Range')).toBe('bytes */1000')
  })

  test.each(['bytes=0-1,5-6', 'bytes=9-1', 'lines=1-2', 'bytes=-'])('%s is ignored', async (range) => {
    const response = await get('/assets/run-abc.wasm', { Range: range })
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 1000])
  })

  test('a part of a file that changed meanwhile is the whole new file', async () => {
    const response = await get('/assets/run-abc.wasm', { Range: 'bytes=0-9', 'If-Range': '"before"' })
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 1000])
  })
})

describe('the API', () => {
  test('health says what runs', async () => {
    const response = await get('/api/health')
    expect(await response.json()).toMatchObject({
      ...parts.about,
      uptimeSeconds: expect.any(Number),
      boxes: { up: 0, all: 0 },
      jobs: { queued: 0, running: 0 },
    })
  })

  test('what it says is not kept', async () => {
    expect((await get('/api/health')).headers.get('Cache-Control')).toBe('no-store')
    expect((await get('/api/jobs/unknown')).headers.get('Cache-Control')).toBe('no-store')
  })

  test('what does not exist is a JSON 404, never the page', async () => {
    const response = await get('/api/nothing')
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toContain('application/json')
    expect(await errorName(response)).toBe('NotFound')
  })

  test.each([{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }])(
    'other sites may not ask: %o',
    async (headers) => {
      const response = await get('/api/health', headers as unknown as Record<string, string>)
      expect(response.status).toBe(403)
      expect(await errorName(response)).toBe('ForbiddenOrigin')
    },
  )

  test('our own page may', async () => {
    const own = { Origin: 'http://localhost:4173', 'Sec-Fetch-Site': 'same-origin' }
    expect((await get('/api/health', own)).status).toBe(200)
  })
})

describe('names of this machine', () => {
  test.each(['localhost', '127.0.0.1', '[::1]', 'understudy.localhost'])('%s is answered', async (host) => {
    expect((await app.request(`http://${host}:4173/`)).status).toBe(200)
  })

  test.each(['evil.example', '127.0.0.1.evil.example', '192.168.1.5'])('%s is turned away', async (host) => {
    const response = await app.request(`http://${host}:4173/`)
    expect(response.status).toBe(403)
    expect(await errorName(response)).toBe('ForbiddenHost')
  })
})

/** The built command: how it starts, refuses to start, and ends. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { serveBuilt } from '../browser/serve'

const main = resolve(import.meta.dirname, '../../dist/server/main.js')
const run = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...env },
  })
const folder = mkdtempSync(join(tmpdir(), 'server-test-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }))

test.each(['SIGTERM', 'SIGINT'] as const)('serves the page, and ends with 0 on %s', async (signal) => {
  await using server = await serveBuilt()
  const page = await fetch(server.origin)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<title>Understudy')
  expect(await (await fetch(`${server.origin}/api/health`)).json()).toMatchObject({ name: 'understudy' })
  expect(await server.stop(signal)).toBe(0)
  await expect(fetch(server.origin)).rejects.toThrow()
})

test('lets a download finish, and ends open event streams, when told to end', async () => {
  await using server = await serveBuilt()
  const events = await fetch(`${server.origin}/api/output/live/studio`)
  const plain = { headers: { 'Accept-Encoding': 'identity' } }
  const model = await fetch(`${server.origin}/models/face-mesh.onnx`, plain)
  const ended = server.stop()
  expect((await model.arrayBuffer()).byteLength).toBe(Number(model.headers.get('Content-Length')))
  await events.text()
  expect(await ended).toBe(0)
})

test('says so where the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => other.once('listening', done))
  const { port } = other.address() as AddressInfo
  // Not spawnSync: this process must go on listening meanwhile.
  const child = spawn(process.execPath, [main, '--port', String(port), '--data', folder])
  let said = ''
  child.stderr.on('data', (part) => {
    said += part
  })
  const code = await new Promise((done) => child.once('close', done))
  other.close()
  expect(code).toBe(2)
  expect(said.trim()).toBe(
    `Port ${port} is taken. Choose another with --port, for example: npm start -- --port ${port + 1}`,
  )
})

test('explains itself, and refuses options it does not know', () => {
  const help = run(['--help'])
  expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('--port N')])
  const wrong = run(['--prot', '1'])
  expect([wrong.status, wrong.stderr.trim()]).toEqual([2, "Unknown option '--prot'. Try --help."])
})

test('refuses a bad environment with one sentence, without what is secret in it', () => {
  const cases = [
    [{ COMFYUI_URLS: 'htp://me:hunter2@gpu' }, /^Each entry of COMFYUI_URLS wants an address like [^\n]+$/],
    [{ REDIS_URL: 'reddis://:hunter2@queue' }, /^REDIS_URL wants an address like redis:[^\n]+$/],
    [{ UNDERSTUDY_KEEP_DAYS: 'ever' }, /^UNDERSTUDY_KEEP_DAYS wants a number [^\n]+, not "ever"\.$/],
  ] as const
  for (const [env, sentence] of cases) {
    const { status, stdout, stderr } = run(['--data', folder], env)
    expect([status, stdout, stderr.trim()]).toEqual([2, '', expect.stringMatching(sentence)])
    expect(stderr).not.toContain('hunter2')
  }
  const open = run(['--host', '0.0.0.0', '--data', folder])
  expect([open.status, open.stderr]).toEqual([2, expect.stringContaining('add --lan')])
})

/** What people really send: every format, large films, lost connections, a server that starts again, the same file twice. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { appendFile, readdir, readlink } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Upload, type UploadOptions } from 'tus-js-client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoredFile } from '../../edge-server/files/files'
import { announce, formEnd, formType, part, patch, send, sendForm, tus } from './requests'
import { largeFilm, png, sample, sampleNames } from './samples'
import { startUploadServer, type UploadServer } from './upload-server'

let server: UploadServer
beforeEach(async () => {
  server = await startUploadServer()
})
afterEach(() => server[Symbol.asyncDispose]())

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const pathsOf = (id: string) => [`files/${id.slice(0, 2)}/${id}`, `files/${id.slice(0, 2)}/${id}.json`]
const fetchFile = (id: string, headers: Record<string, string> = {}) =>
  fetch(`${server.origin}/api/files/${id}`, { headers })

describe('every format', () => {
  const types: Readonly<Record<string, string>> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    bmp: 'image/bmp',
    webp: 'image/webp',
    gif: 'image/gif',
    mp4: 'video/mp4',
    m4v: 'video/mp4',
    mov: 'video/quicktime',
    mkv: 'video/x-matroska',
    webm: 'video/webm',
    avi: 'video/x-msvideo',
  }
  const extensionOf = (name: string) => name.split('.')[1] ?? ''
  test.each(sampleNames.filter((name) => extensionOf(name) in types))('%s', async (name) => {
    const type = types[extensionOf(name)]!
    const kind = type.slice(0, 5)
    const bytes = sample(name)
    const id = sha256(bytes)
    // Neither the name nor the type that is claimed decides.
    const sent = part('file', 'x.txt', bytes, ['Content-Type: text/html'])
    const { status, body } = await sendForm(server, `/api/upload/${kind}`, [sent])
    const saved = `x.txt.${name === 'a.m4v' ? 'mp4' : extensionOf(name)}`
    const file = { id, kind, type, bytes: bytes.length, name: saved, addedMs: expect.any(Number) }
    expect([status, body]).toEqual([201, file])
    const answer = await fetchFile(id)
    expect(answer.headers.get('Content-Type')).toBe(type)
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(id)
  })
})

describe('what phones put behind a picture is cut off', () => {
  test.each<[string, () => Buffer]>([
    ['a second picture', () => sample('a.jpg')],
    ['a short film', () => sample('a.mp4')],
    ['notes of Samsung', () => Buffer.from('\0\0\x01\x0aImage_UTC_Data1234SEFH\0\0SEFT', 'latin1')],
    ['zeros', () => Buffer.alloc(70_000)],
  ])('%s', async (_, tail) => {
    const picture = sample('a.jpg')
    const { status, body } = await sendForm(server, '/api/upload/image', [
      part('file', 'IMG_1.jpg', Buffer.concat([picture, tail()])),
    ])
    expect([status, body]).toMatchObject([
      201,
      { id: sha256(picture), bytes: picture.length, name: 'IMG_1.jpg' },
    ])
    expect(await server.onDisk()).toEqual(pathsOf(sha256(picture)))
  })
})

describe('the same file', () => {
  test('twice, at once: one is new, one is known, one is kept', async () => {
    const film = largeFilm(3_000_000)
    const sendIt = (name: string) => sendForm(server, '/api/upload/video', [part('file', name, film)])
    const answers = await Promise.all([sendIt('a.mp4'), sendIt('b.mp4')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
    expect(await server.onDisk()).toEqual(pathsOf(sha256(film)))
    expect(await server.files.usage()).toBe(film.length)
  })

  test('as a form and by tus', async () => {
    const bytes = png({ bytes: 5000 })
    await sendForm(server, '/api/upload/image', [part('file', 'a.png', bytes)])
    const url = String(
      (await announce(server, bytes.length, { kind: 'image', name: 'b.png' })).headers.location,
    )
    expect((await patch(server, url, 0, bytes)).status).toBe(204)
    const { body } = await send(server, `${url}/file`, { method: 'GET' })
    expect(body).toMatchObject({ id: sha256(bytes), name: 'b.png' })
    expect(await server.files.usage()).toBe(bytes.length)
  })
})

test('300 MB pass through without being held', async () => {
  const megabytes = 300
  const block = Buffer.alloc(2 ** 20)
  const head = part('file', 'film.mp4', largeFilm(2 ** 20)).subarray(0, -2)
  // The box of nothing at its end grows by what follows.
  const box = head.indexOf('free', head.length - 2 ** 20 + sample('a.mp4').length - 8)
  head.writeUInt32BE(head.readUInt32BE(box - 4) + megabytes * 2 ** 20, box - 4)
  const { port } = server
  const sending = request({
    port,
    path: '/api/upload/video',
    method: 'POST',
    headers: formType,
    agent: false,
  })
  const answered = once(sending, 'response')
  const beforeBytes = process.memoryUsage().rss
  let most = 0
  const write = async (bytes: Buffer | string) => {
    if (!sending.write(bytes)) await once(sending, 'drain')
    most = Math.max(most, process.memoryUsage().rss - beforeBytes)
  }
  await write(head)
  for (let i = 0; i < megabytes; i++) await write(block)
  sending.end(`\r\n${formEnd}`)
  const [response] = await answered
  response.resume()
  expect(response.statusCode).toBe(201)
  expect(most / 2 ** 20).toBeLessThan(150)
})

describe('resumed uploads', () => {
  /** What tus-js-client asked: each PATCH by its offset. */
  const offsets: number[] = []
  beforeEach(() => {
    offsets.length = 0
  })
  const optionsFor = (film: Buffer): UploadOptions => ({
    endpoint: `${server.origin}/api/upload/tus`,
    metadata: { kind: 'video', name: 'film.mp4' },
    uploadSize: film.length,
    retryDelays: [20, 100, 500, 2000],
  })
  /** Sends the film; `onHalf` is called once, when a good part of it has arrived. */
  const run = (film: Buffer, more: Partial<UploadOptions>, onHalf?: (upload: Upload) => void) =>
    new Promise<string>((resolve, reject) => {
      const options = optionsFor(film)
      const upload = new Upload(film, {
        ...options,
        ...more,
        onError: reject,
        onSuccess: () => resolve(upload.url ?? ''),
        onBeforeRequest(asked) {
          if (asked.getMethod() !== 'PATCH') return
          offsets.push(Number(asked.getHeader('Upload-Offset')))
          if (!onHalf || offsets.length > 1) return
          void arrived(asked.getURL(), 4_000_000).then(() => onHalf(upload))
        },
      })
      upload.start()
    })
  /** Waits until so many bytes of an upload are on the disk. */
  async function arrived(url: string, bytes: number): Promise<void> {
    const path = join(server.folder, 'uploads', url.split('/').at(-1) ?? '')
    while (statSync(path).size < bytes) await new Promise((resolve) => setImmediate(resolve))
  }
  const fileOf = async (url: string) => (await (await fetch(`${url}/file`)).json()) as StoredFile

  test('a lost connection: it goes on where it stopped', async () => {
    const film = largeFilm(64_000_000)
    const url = await run(film, {}, () => server.cut())
    expect(offsets.length).toBeGreaterThan(1)
    expect(offsets.at(-1)).toBeGreaterThan(0)
    expect(await fileOf(url)).toMatchObject({ id: sha256(film), type: 'video/mp4', name: 'film.mp4' })
  })

  test('a server that starts again: it goes on where it stopped', async () => {
    const film = largeFilm(64_000_000)
    const url = await new Promise<string>((resolve, reject) => {
      run(film, {}, (upload) => {
        void upload.abort().then(() => resolve(upload.url ?? ''))
      }).catch(reject)
    })
    server = await server.restart()
    offsets.length = 0
    expect(await run(film, { uploadUrl: url })).toBe(url)
    expect(offsets).toEqual([expect.any(Number)])
    expect(offsets[0]).toBeGreaterThanOrEqual(4_000_000)
    expect((await fileOf(url)).id).toBe(sha256(film))
  })

  test('a server that ended between the last byte and the check finishes when asked', async () => {
    const bytes = png({ bytes: 50_000 })
    const url = String(
      (await announce(server, bytes.length, { kind: 'image', name: 'a.png' })).headers.location,
    )
    await patch(server, url, 0, bytes.subarray(0, 40_000))
    await appendFile(`${server.folder}/uploads/${url.split('/').at(-1)}`, bytes.subarray(40_000))
    server = await server.restart()
    const { status, headers } = await send(server, url, { method: 'HEAD', headers: tus })
    expect([status, headers['upload-offset']]).toEqual([200, '50000'])
    const { body } = await send(server, `${url}/file`, { method: 'GET' })
    expect(body).toMatchObject({ id: sha256(bytes) })
  })

  test('a finished upload is still known, by its length and its file', async () => {
    const bytes = png()
    const url = String(
      (await announce(server, bytes.length, { kind: 'image', name: 'a.png' })).headers.location,
    )
    await patch(server, url, 0, bytes)
    server = await server.restart()
    const { headers } = await send(server, url, { method: 'HEAD', headers: tus })
    expect([headers['upload-offset'], headers['upload-length']]).toEqual(['100', '100'])
    expect((await fileOf(server.origin + url)).id).toBe(sha256(bytes))
  })
})

describe('reading', () => {
  const film = () => largeFilm(8_000_000)
  let id: string
  beforeEach(async () => {
    await sendForm(server, '/api/upload/video', [part('file', `tour (1)'s %22best%22 100%.mp4`, film())])
    id = sha256(film())
  })

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=7999990-', 7_999_990, 7_999_999],
    ['bytes=-5', 7_999_995, 7_999_999],
    ['bytes=1000-3000000', 1000, 3_000_000],
  ])('%s', async (range, start, end) => {
    const answer = await fetchFile(id, { Range: range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${start}-${end}/8000000`)
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(film().subarray(start, end + 1)))
  })

  test('a range behind the end, an unchanged file, and headers only', async () => {
    expect((await fetchFile(id, { Range: 'bytes=8000000-' })).status).toBe(416)
    expect((await fetchFile(id, { 'If-None-Match': `"${id}"` })).status).toBe(304)
    const { headers } = await fetch(`${server.origin}/api/files/${id}`, { method: 'HEAD' })
    expect(headers.get('Content-Length')).toBe('8000000')
    expect(headers.get('Cache-Control')).toBe('private, max-age=31536000, immutable')
    expect(headers.get('Content-Disposition')).toMatch(
      /^inline; filename\*=UTF-8''tour%20%281%29%27s%20_best_%20100%25\.mp4$/,
    )
  })

  test.skipIf(process.platform !== 'linux')('a reader that goes away leaves no file open', async () => {
    const life = new AbortController()
    const answer = await fetch(`${server.origin}/api/files/${id}`, { signal: life.signal })
    await answer.body!.getReader().read()
    await expect.poll(openOnes).toHaveLength(1)
    life.abort()
    await expect.poll(openOnes).toEqual([])
  })

  /** Files below the server's folder that this process has open. */
  async function openOnes(): Promise<readonly string[]> {
    const descriptors = await readdir('/proc/self/fd')
    const paths = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
    return paths.filter((path) => path.startsWith(server.folder))
  }
})

/** Resumable uploads that lie, are too large, or are none: the right status, one error shape, and nothing left on disk. */
import { describe, expect, test } from 'vitest'
import { html, refusal, useBadServer } from './bad-server'
import { announce, patch, patchHead, send, sendRaw, tus } from './requests'
import { png } from './samples'

const bad = useBadServer()

describe('resumable uploads', () => {
  const kind = { kind: 'image', name: 'x.png' }
  const none = '/api/upload/tus/0123456789abcdef0123456789abcdef'
  const begin = async (length: number, metadata: Record<string, string> = kind) =>
    String((await announce(bad.server, length, metadata)).headers.location)
  const idOf = (url: string) => url.split('/').at(-1) ?? ''

  test.each<[string, number, string, () => Promise<{ status: number; body: unknown }>]>([
    [
      'no version',
      412,
      'BadRequest',
      () => send(bad.server, '/api/upload/tus', { headers: { 'Upload-Length': '5' } }),
    ],
    [
      'another version',
      400,
      'BadRequest',
      () =>
        send(bad.server, '/api/upload/tus', { headers: { 'Tus-Resumable': '0.2.0', 'Upload-Length': '5' } }),
    ],
    ['no length', 400, 'BadRequest', () => send(bad.server, '/api/upload/tus', { headers: tus })],
    [
      'a length left open',
      400,
      'BadRequest',
      () => send(bad.server, '/api/upload/tus', { headers: { ...tus, 'Upload-Defer-Length': '1' } }),
    ],
    ['a length that is none', 400, 'BadRequest', () => announce(bad.server, '-5', kind)],
    ['a length of many digits', 413, 'TooLarge', () => announce(bad.server, '9007199254740991', kind)],
    ['0 bytes', 400, 'Empty', () => announce(bad.server, 0, kind)],
    ['over the limit', 413, 'TooLarge', () => announce(bad.server, 1_000_001, kind)],
    ['no kind', 400, 'BadRequest', () => announce(bad.server, 5, { name: 'x' })],
    ['a kind that is none', 400, 'BadRequest', () => announce(bad.server, 5, { kind: 'audio' })],
    [
      'metadata that is none',
      400,
      'BadRequest',
      () =>
        send(bad.server, '/api/upload/tus', {
          headers: { ...tus, 'Upload-Length': '5', 'Upload-Metadata': '!!! ???' },
        }),
    ],
    [
      'parallel uploads',
      400,
      'BadRequest',
      () =>
        send(bad.server, '/api/upload/tus', {
          headers: { ...tus, 'Upload-Length': '5', 'Upload-Concat': 'partial' },
        }),
    ],
    ['bytes for an unknown id', 404, 'NotFound', () => patch(bad.server, none, 0, Buffer.from('x'))],
    ['bytes for no id', 404, 'NotFound', () => patch(bad.server, '/api/upload/tus', 0, Buffer.from('x'))],
    [
      'bytes for a path',
      404,
      'NotFound',
      () => patch(bad.server, '/api/upload/tus/..%2f..%2fx', 0, Buffer.from('x')),
    ],
    [
      'bytes for dots',
      404,
      'NotFound',
      () => patch(bad.server, '/api/upload/tus/%2e%2e', 0, Buffer.from('x')),
    ],
    [
      'removing a path',
      404,
      'NotFound',
      () => send(bad.server, '/api/upload/tus/..%5cx', { method: 'DELETE', headers: tus }),
    ],
    ['reading one', 404, 'NotFound', () => send(bad.server, none, { method: 'GET' })],
    [
      'the file of an unknown one',
      404,
      'NotFound',
      () => send(bad.server, `${none}/file`, { method: 'GET' }),
    ],
    [
      'the file of a path',
      404,
      'NotFound',
      () => send(bad.server, '/api/upload/tus/..%2f..%2fx/file', { method: 'GET' }),
    ],
    ['another method', 404, 'NotFound', () => send(bad.server, none, { method: 'PUT', headers: tus })],
  ])('%s', async (_, status, name, sendIt) => {
    const answer = await sendIt()
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect(await bad.server.onDisk()).toEqual([])
  })

  test('an unknown one asked for its offset', async () => {
    expect((await send(bad.server, none, { method: 'HEAD', headers: tus })).status).toBe(404)
  })

  test.each<[string, number, string, (url: string) => Promise<{ status: number; body: unknown }>]>([
    ['another offset', 409, 'Conflict', (url) => patch(bad.server, url, 5, Buffer.from('x'))],
    [
      'no offset',
      400,
      'BadRequest',
      (url) =>
        send(bad.server, url, {
          method: 'PATCH',
          headers: { ...tus, 'Content-Type': 'application/offset+octet-stream' },
          body: ['x'],
        }),
    ],
    ['an offset that is none', 400, 'BadRequest', (url) => patch(bad.server, url, 'x', Buffer.from('x'))],
    [
      'another type of body',
      400,
      'BadRequest',
      (url) => patch(bad.server, url, 0, Buffer.from('x'), { 'Content-Type': 'image/png' }),
    ],
    [
      'asking for the file too early',
      409,
      'Conflict',
      (url) => send(bad.server, `${url}/file`, { method: 'GET' }),
    ],
  ])('%s is refused, and the upload can go on', async (_, status, name, sendIt) => {
    const bytes = png()
    const url = await begin(bytes.length)
    const answer = await sendIt(url)
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect((await patch(bad.server, url, 0, bytes)).status).toBe(204)
    const { body } = await send(bad.server, `${url}/file`, { method: 'GET' })
    await bad.server.files.remove((body as { id: string }).id)
    expect((await send(bad.server, url, { method: 'DELETE', headers: tus })).status).toBe(204)
    expect(await bad.server.onDisk()).toEqual([])
  })

  test.each<[string, Record<string, string>]>([
    ['with a length', { 'Content-Length': '500' }],
    ['without', {}],
  ])('more than was announced, %s, ends the upload', async (_, headers) => {
    const url = await begin(100)
    const { status, body } = await patch(bad.server, url, 0, png({ bytes: 500 }), headers)
    expect([status, body]).toEqual([413, refusal('TooLarge')])
    expect(await bad.server.onDisk()).toEqual([])
  })

  test.each<[string, number, string, Record<string, string>, () => Buffer]>([
    ['HTML', 415, 'UnsupportedMedia', kind, () => Buffer.from(html)],
    ['PNG and HTML', 415, 'UnsupportedMedia', kind, () => Buffer.concat([png(), Buffer.from(html)])],
    ['a picture as a video', 415, 'UnsupportedMedia', { kind: 'video' }, () => png()],
  ])('a finished one that is %s leaves nothing', async (_, status, name, metadata, bytes) => {
    const url = await begin(bytes().length, metadata)
    const { status: answered, body } = await patch(bad.server, url, 0, bytes())
    expect([answered, body]).toEqual([status, refusal(name)])
    expect((await send(bad.server, url, { method: 'HEAD', headers: tus })).status).toBe(404)
    expect(await bad.server.onDisk()).toEqual([])
  })

  test('what begins as another kind of file is refused with its first part', async () => {
    const url = await begin(900_000)
    const { status, body } = await patch(bad.server, url, 0, Buffer.from(html.repeat(100)))
    expect([status, body]).toEqual([415, refusal('UnsupportedMedia')])
    expect(await bad.server.onDisk()).toEqual([])
  })

  test('the name is made harmless here too', async () => {
    const bytes = png()
    const url = await begin(bytes.length, { kind: 'image', name: '../../\u202ex\0.html' })
    await patch(bad.server, url, 0, bytes)
    const { body } = await send(bad.server, `${url}/file`, { method: 'GET' })
    expect(body).toMatchObject({ name: 'x.html.png' })
    await bad.server.files.remove((body as { id: string }).id)
    await send(bad.server, url, { method: 'DELETE', headers: tus })
  })

  test('a sender that falls silent is given up, and can go on', async () => {
    const impatient = await bad.start({ silenceMs: 200 })
    const bytes = png({ bytes: 1000 })
    const url = String((await announce(impatient, bytes.length, kind)).headers.location)
    const head = Object.entries({
      ...patchHead,
      'Upload-Offset': '0',
      'Content-Length': '1000',
      Connection: 'close',
    })
    const lines = [
      `PATCH ${url} HTTP/1.1`,
      'Host: localhost',
      ...head.map(([name, value]) => `${name}: ${value}`),
    ]
    const answer = await sendRaw(impatient, [`${lines.join('\r\n')}\r\n\r\n`, bytes.subarray(0, 600)], 'wait')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect((await patch(impatient, url, 600, bytes.subarray(600))).status).toBe(204)
  })

  test('together more than the quota', async () => {
    const small = await bad.start({ quotaBytes: 10_000 })
    expect((await announce(small, 6000, kind)).status).toBe(201)
    const before = await small.onDisk()
    const { status, body } = await announce(small, 6000, kind)
    expect([status, body]).toEqual([507, refusal('QuotaExceeded')])
    expect(await small.onDisk()).toEqual(before)
  })

  test('too many that are unfinished', async () => {
    const busy = await bad.start()
    for (let i = 0; i < 64; i++) await announce(busy, 5, kind)
    const { status, body } = await announce(busy, 5, kind)
    expect([status, body]).toEqual([429, refusal('TooMany')])
  })

  test('one that is too old', async () => {
    const strict = await bad.start({ expiryMs: 1 })
    const url = String((await announce(strict, 100, kind)).headers.location)
    await expect.poll(async () => (await patch(strict, url, 0, png())).status).toBe(410)
    expect((await patch(strict, url, 0, png())).body).toEqual(refusal('NotFound'))
    expect(await strict.onDisk()).toEqual([`uploads/${idOf(url)}`, `uploads/${idOf(url)}.json`])
    await strict.uploads.sweep()
    expect(await strict.onDisk()).toEqual([])
  })
})

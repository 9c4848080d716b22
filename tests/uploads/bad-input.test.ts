/** Whatever is sent: the right status, one error shape, and nothing left on disk. */
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { announce, boundary, formEnd, formType, part, patch, send, sendForm, sendRaw, tus } from './requests'
import { largeFilm, png, type Sample, sample, zip } from './samples'
import { startUploadServer, type UploadServer } from './upload-server'

let server: UploadServer
const servers: UploadServer[] = []
async function start(options: Parameters<typeof startUploadServer>[0] = {}): Promise<UploadServer> {
  const started = await startUploadServer(options)
  servers.push(started)
  return started
}

beforeAll(async () => {
  server = await start({ maxImageBytes: 1_000_000, maxVideoBytes: 3_000_000 })
})
afterAll(async () => {
  for (const started of servers) await started[Symbol.asyncDispose]()
})
// A server that ends, or logs, on bad input has not foreseen it.
const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
beforeEach(() => logged.mockClear())
afterEach(() => {
  expect(logged).not.toHaveBeenCalled()
})

const refusal = (name: string) => ({ error: { name, message: expect.stringMatching(/^[A-Z].*\.$/s) } })
const html = '<html><script>alert(1)</script></html>'

/** Sends a picture or a video and expects a refusal that leaves nothing. */
async function expectRefused(
  path: string,
  bytes: Buffer | string,
  fileName: string,
  status: number,
  name: string,
) {
  const { status: answered, body } = await sendForm(server, path, [part('file', fileName, bytes)])
  expect([answered, body]).toEqual([status, refusal(name)])
  expect(await server.onDisk()).toEqual([])
}

describe('what is not what it says', () => {
  const cut = (name: Sample) => sample(name).subarray(0, sample(name).length - 5)
  const with_ = (name: Sample, tail: Buffer | string) => Buffer.concat([sample(name), Buffer.from(tail)])
  test.each<[string, string, () => Buffer | string]>([
    ['HTML called .png', 'x.png', () => html],
    ['an SVG', 'x.svg', () => '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ['a video called .jpg', 'x.jpg', () => sample('a.mp4')],
    ['sound called .png', 'x.png', () => sample('a.wav')],
    ['a zip called .webp', 'x.webp', () => zip],
    ['a program', 'x.gif', () => Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(1000)])],
    ['only the first bytes of a PNG', 'x.png', () => png().subarray(0, 12)],
    ['a PNG that is broken off', 'x.png', () => cut('a.png')],
    ['a JPEG that is broken off', 'x.jpg', () => cut('a.jpg')],
    ['a GIF that is broken off', 'x.gif', () => cut('a.gif')],
    ['a WebP that is broken off', 'x.webp', () => cut('a.webp')],
    ['a BMP that is broken off', 'x.bmp', () => cut('a.bmp')],
    ['PNG and HTML', 'x.png', () => with_('a.png', html)],
    ['GIF and JavaScript', 'x.gif', () => with_('a.gif', '=1;alert(1)//')],
    ['GIF whose size reads as a comment', 'x.gif', () => 'GIF89a/*\0\0\0\0\0*/=1;alert(1)//'],
    ['JPEG and ZIP', 'x.jpg', () => with_('a.jpg', zip)],
    ['JPEG and HTML', 'x.jpg', () => with_('a.jpg', html)],
    ['WebP and ZIP', 'x.webp', () => with_('a.webp', zip)],
    ['BMP and JavaScript', 'x.bmp', () => with_('a.bmp', '*/alert(1)')],
    [
      'a BMP that tells a size with HTML in it',
      'x.bmp',
      () => {
        const whole = with_('a.bmp', html)
        whole.writeUInt32LE(whole.length, 2)
        return whole
      },
    ],
    ['a picture of 20,000 × 8 pixels', 'x.png', () => png({ width: 20_000 })],
    ['a picture of 15,000 × 15,000 pixels', 'x.png', () => png({ width: 15_000, height: 15_000 })],
    ['a picture of no size', 'x.png', () => png({ width: 0 })],
    ['a HEIC picture', 'x.heic', () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
  ])('a picture: %s', (_, fileName, bytes) =>
    expectRefused('/api/upload/image', bytes(), fileName, 415, 'UnsupportedMedia'),
  )

  test.each<[string, string, () => Buffer | string]>([
    ['HTML called .mp4', 'x.mp4', () => html],
    ['a picture called .mp4', 'x.mp4', () => sample('a.png')],
    ['only sound', 'x.m4a', () => sample('a.m4a')],
    ['an MP4 that is broken off', 'x.mp4', () => cut('a.mp4')],
    ['an MP4 with a script behind it', 'x.mp4', () => with_('a.mp4', '<script>alert(1)</script>')],
    ['an MP4 with a zip behind it', 'x.mp4', () => with_('a.mp4', zip)],
    [
      'an MP4 of boxes without an end',
      'x.mp4',
      () => Buffer.concat(Array.from({ length: 250_000 }, () => Buffer.from('\0\0\0\x08free', 'latin1'))),
    ],
    [
      'an MP4 without a film',
      'x.mp4',
      () => Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08mdat', 'latin1'),
    ],
    ['a WebM with a script behind it', 'x.webm', () => with_('a.webm', '<script>alert(1)</script>')],
    [
      'a WebM of open length with a script behind it',
      'x.webm',
      () => with_('live.webm', '<script>alert(1)</script>'),
    ],
    ['a WebM that is broken off', 'x.webm', () => cut('a.webm')],
    ['an MKV with a zip behind it', 'x.mkv', () => with_('a.mkv', zip)],
    ['an AVI with a zip behind it', 'x.avi', () => with_('a.avi', zip)],
    ['EBML that is neither', 'x.webm', () => Buffer.from('1a45dfa38842828468746d6c', 'hex')],
  ])('a video: %s', (_, fileName, bytes) =>
    expectRefused('/api/upload/video', bytes(), fileName, 415, 'UnsupportedMedia'),
  )

  test('0 bytes', () => expectRefused('/api/upload/image', '', 'x.png', 400, 'Empty'))
})

describe('too much', () => {
  const large = () => png({ bytes: 1_000_001 })
  const tooLarge = [413, refusal('TooLarge')]

  test('a picture one byte over the limit, without a length', () =>
    expectRefused('/api/upload/image', large(), 'x.png', 413, 'TooLarge'))

  test('a length over the limit is refused before anything is sent', async () => {
    const headers = { ...formType, 'Content-Length': '99999999' }
    const { status, body } = await send(server, '/api/upload/image', { headers, body: ['x'] })
    expect([status, body]).toEqual(tooLarge)
  })

  test('a length that lies: less than comes', async () => {
    const whole = Buffer.concat([part('file', 'x.png', png({ bytes: 5000 })), Buffer.from(formEnd)])
    const head = [
      `POST /api/upload/image HTTP/1.1`,
      'Host: localhost',
      `Content-Type: ${formType['Content-Type']}`,
      'Content-Length: 3000',
      'Connection: close',
    ]
    const answer = await sendRaw(server, [`${head.join('\r\n')}\r\n\r\n`, whole], 'wait')
    expect(answer).toMatch(/^HTTP\/1.1 400 /) // of Node itself: what is left is no request
    await expect.poll(() => server.onDisk()).toEqual([])
  })

  test('a length that lies: more than comes', async () => {
    const whole = Buffer.concat([part('file', 'x.png', png({ bytes: 5000 })), Buffer.from(formEnd)])
    const head = [
      `POST /api/upload/image HTTP/1.1`,
      'Host: localhost',
      `Content-Type: ${formType['Content-Type']}`,
      'Content-Length: 900000',
    ]
    await sendRaw(server, [`${head.join('\r\n')}\r\n\r\n`, whole], 'half-close')
    await expect.poll(() => server.onDisk()).toEqual([])
  })

  test('a video over the limit stops being read', async () => {
    const { status, body } = await sendForm(server, '/api/upload/video', [
      part('file', 'x.mp4', largeFilm(4_000_000)),
    ])
    expect([status, body]).toEqual(tooLarge)
    expect(await server.onDisk()).toEqual([])
  })

  test('more than the quota', async () => {
    const small = await start({ quotaBytes: 10_000 })
    expect(
      (await sendForm(small, '/api/upload/image', [part('file', 'a.png', png({ bytes: 6000 }))])).status,
    ).toBe(201)
    const before = await small.onDisk()
    const { status, body } = await sendForm(small, '/api/upload/image', [
      part('file', 'b.png', png({ bytes: 6000, seed: 1 })),
    ])
    expect([status, body]).toEqual([507, refusal('QuotaExceeded')])
    expect(await small.onDisk()).toEqual(before)
  })

  test('a disk with nothing to spare', async () => {
    const full = await start({ spareBytes: Number.MAX_SAFE_INTEGER })
    const { status, body } = await sendForm(full, '/api/upload/image', [part('file', 'a.png', png())])
    expect([status, body]).toEqual([507, refusal('DiskFull')])
    expect(await full.onDisk()).toEqual([])
  })
})

describe('names', () => {
  test.each([
    ['../../x.png', 'x.png'],
    ['..\\\\..\\\\x.png', 'x.png'],
    ['/etc/passwd', 'passwd.png'],
    ['C:\\\\Windows\\\\x.png', 'x.png'],
    ['C:x.png', 'C_x.png'],
    ['..', 'image.png'],
    ['.htaccess', 'htaccess.png'],
    ['', 'image.png'],
    ['a\0b.png', 'ab.png'],
    ['a\u001b[31mb.png', 'a[31mb.png'],
    ['👩‍🚀 größe.png', '👩‍🚀 größe.png'],
    ['photo\u202egnp.exe', 'photognp.exe.png'],
    ['e\u0301.png', 'é.png'],
    ['x.html', 'x.html.png'],
    ['CON.png', 'CON.png'],
    ['a'.repeat(300_000), `${'a'.repeat(172)}.png`],
    [`${'a'.repeat(7000)}.png`, `${'a'.repeat(172)}.png`],
    [`${'👩‍🚀'.repeat(600)}.png`, `${'👩‍🚀'.repeat(15)}.png`],
  ])('%j is kept as %j', async (given, kept) => {
    const { status, body } = await sendForm(server, '/api/upload/image', [part('file', given, png())])
    const { id, name } = body as { id: string; name: string }
    expect([status, name]).toEqual([201, kept])
    expect(await server.onDisk()).toEqual([
      `files/${id.slice(0, 2)}/${id}`,
      `files/${id.slice(0, 2)}/${id}.json`,
    ])
    const { headers } = await send(server, `/api/files/${id}`, { method: 'HEAD' })
    expect(headers['content-disposition']).toMatch(/^inline; filename\*=UTF-8''[\w.%!~-]+$/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    await server.files.remove(id)
  })
})

describe('forms that are none', () => {
  const good = () => part('file', 'x.png', png())
  test.each<[string, number, string, () => Promise<{ status: number; body: unknown }>]>([
    [
      'JSON',
      415,
      'UnsupportedMedia',
      () =>
        send(server, '/api/upload/image', { headers: { 'Content-Type': 'application/json' }, body: ['{}'] }),
    ],
    ['no type', 415, 'UnsupportedMedia', () => send(server, '/api/upload/image', { body: ['x'] })],
    [
      'a bare picture',
      415,
      'UnsupportedMedia',
      () => send(server, '/api/upload/image', { headers: { 'Content-Type': 'image/png' }, body: [png()] }),
    ],
    [
      'no boundary',
      400,
      'BadRequest',
      () =>
        send(server, '/api/upload/image', {
          headers: { 'Content-Type': 'multipart/form-data' },
          body: [good()],
        }),
    ],
    [
      'a boundary that does not occur',
      400,
      'BadRequest',
      () =>
        sendForm(server, '/api/upload/image', [good()], {
          'Content-Type': 'multipart/form-data; boundary=other',
        }),
    ],
    [
      'an endless boundary',
      400,
      'BadRequest',
      () =>
        sendForm(server, '/api/upload/image', [good()], {
          'Content-Type': `multipart/form-data; boundary=${'x'.repeat(2000)}`,
        }),
    ],
    ['no body', 400, 'BadRequest', () => send(server, '/api/upload/image', { headers: formType })],
    ['no part', 400, 'BadRequest', () => sendForm(server, '/api/upload/image', [])],
    [
      'another field',
      400,
      'BadRequest',
      () => sendForm(server, '/api/upload/image', [part('picture', 'x.png', png())]),
    ],
    [
      'a text field named file',
      400,
      'BadRequest',
      () => sendForm(server, '/api/upload/image', [part('file', undefined, 'hello')]),
    ],
    [
      'a part without a name',
      400,
      'BadRequest',
      () => sendForm(server, '/api/upload/image', [Buffer.from(`--${boundary}\r\n\r\nhello\r\n`)]),
    ],
    ['two files', 400, 'BadRequest', () => sendForm(server, '/api/upload/image', [good(), good()])],
    [
      'a field before the file',
      400,
      'BadRequest',
      () => sendForm(server, '/api/upload/image', [part('a', undefined, 'b'), good()]),
    ],
    [
      'a field after the file',
      400,
      'BadRequest',
      () => sendForm(server, '/api/upload/image', [good(), part('a', undefined, 'b')]),
    ],
    [
      'a thousand parts',
      400,
      'BadRequest',
      () =>
        sendForm(
          server,
          '/api/upload/image',
          Array.from({ length: 1000 }, (_, i) => part(`f${i}`, 'x.png', 'x')),
        ),
    ],
    [
      'a thousand headers before the name',
      400,
      'BadRequest',
      () => {
        const many = Array.from({ length: 1000 }, (_, i) => `X-${i}: y`).join('\r\n')
        return sendForm(server, '/api/upload/image', [
          Buffer.from(
            `--${boundary}\r\n${many}\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\nx\r\n`,
          ),
        ])
      },
    ],
    [
      'nothing after the file',
      400,
      'BadRequest',
      () => send(server, '/api/upload/image', { headers: formType, body: [good()] }),
    ],
    [
      'a file that is broken off',
      400,
      'BadRequest',
      () => send(server, '/api/upload/image', { headers: formType, body: [good().subarray(0, -20)] }),
    ],
    ['an unknown kind', 404, 'NotFound', () => sendForm(server, '/api/upload/audio', [good()])],
  ])('%s', async (_, status, name, sendIt) => {
    const answer = await sendIt()
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect(await server.onDisk()).toEqual([])
  })

  test('a sender that falls silent is given up', async () => {
    const impatient = await start({ silenceMs: 200 })
    const head = [
      `POST /api/upload/image HTTP/1.1`,
      'Host: localhost',
      `Content-Type: ${formType['Content-Type']}`,
      'Content-Length: 90000',
      'Connection: close',
    ]
    const answer = await sendRaw(impatient, [`${head.join('\r\n')}\r\n\r\n`, good().subarray(0, 150)], 'wait')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('{"error":{"name":"BadRequest"')
    expect(await impatient.onDisk()).toEqual([])
  })

  test('a sender that goes away in the middle leaves nothing', async () => {
    const film = part('file', 'x.mp4', largeFilm(2_000_000)).subarray(0, 1_500_000)
    const head = [
      `POST /api/upload/video HTTP/1.1`,
      'Host: localhost',
      `Content-Type: ${formType['Content-Type']}`,
      'Content-Length: 2000500',
    ]
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(film)
    await expect.poll(() => server.onDisk()).toEqual([expect.stringMatching(/^files\/incoming-/)])
    socket.destroy()
    await expect.poll(() => server.onDisk()).toEqual([])
  })
})

describe('ids of files', () => {
  test.each([
    'x',
    '0'.repeat(64),
    'A'.repeat(64),
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    `${'0'.repeat(62)}%2f.`,
    `${'0'.repeat(64)}.json`,
    `${'0'.repeat(64)}%00`,
    '0'.repeat(5000),
  ])('%s', async (id) => {
    const { status, body } = await send(server, `/api/files/${id}`, { method: 'GET' })
    expect([status, body]).toEqual([404, refusal('NotFound')])
  })
})

describe('resumable uploads', () => {
  const kind = { kind: 'image', name: 'x.png' }
  const none = '/api/upload/tus/0123456789abcdef0123456789abcdef'
  const begin = async (length: number, metadata: Record<string, string> = kind) =>
    String((await announce(server, length, metadata)).headers.location)
  const idOf = (url: string) => url.split('/').at(-1) ?? ''

  test.each<[string, number, string, () => Promise<{ status: number; body: unknown }>]>([
    [
      'no version',
      412,
      'BadRequest',
      () => send(server, '/api/upload/tus', { headers: { 'Upload-Length': '5' } }),
    ],
    [
      'another version',
      400,
      'BadRequest',
      () => send(server, '/api/upload/tus', { headers: { 'Tus-Resumable': '0.2.0', 'Upload-Length': '5' } }),
    ],
    ['no length', 400, 'BadRequest', () => send(server, '/api/upload/tus', { headers: tus })],
    [
      'a length left open',
      400,
      'BadRequest',
      () => send(server, '/api/upload/tus', { headers: { ...tus, 'Upload-Defer-Length': '1' } }),
    ],
    ['a length that is none', 400, 'BadRequest', () => announce(server, '-5', kind)],
    ['a length of many digits', 413, 'TooLarge', () => announce(server, '9007199254740991', kind)],
    ['0 bytes', 400, 'Empty', () => announce(server, 0, kind)],
    ['over the limit', 413, 'TooLarge', () => announce(server, 1_000_001, kind)],
    ['no kind', 400, 'BadRequest', () => announce(server, 5, { name: 'x' })],
    ['a kind that is none', 400, 'BadRequest', () => announce(server, 5, { kind: 'audio' })],
    [
      'metadata that is none',
      400,
      'BadRequest',
      () =>
        send(server, '/api/upload/tus', {
          headers: { ...tus, 'Upload-Length': '5', 'Upload-Metadata': '!!! ???' },
        }),
    ],
    [
      'parallel uploads',
      400,
      'BadRequest',
      () =>
        send(server, '/api/upload/tus', {
          headers: { ...tus, 'Upload-Length': '5', 'Upload-Concat': 'partial' },
        }),
    ],
    ['bytes for an unknown id', 404, 'NotFound', () => patch(server, none, 0, Buffer.from('x'))],
    ['bytes for no id', 404, 'NotFound', () => patch(server, '/api/upload/tus', 0, Buffer.from('x'))],
    [
      'bytes for a path',
      404,
      'NotFound',
      () => patch(server, '/api/upload/tus/..%2f..%2fx', 0, Buffer.from('x')),
    ],
    ['bytes for dots', 404, 'NotFound', () => patch(server, '/api/upload/tus/%2e%2e', 0, Buffer.from('x'))],
    [
      'removing a path',
      404,
      'NotFound',
      () => send(server, '/api/upload/tus/..%5cx', { method: 'DELETE', headers: tus }),
    ],
    ['reading one', 404, 'NotFound', () => send(server, none, { method: 'GET' })],
    ['the file of an unknown one', 404, 'NotFound', () => send(server, `${none}/file`, { method: 'GET' })],
    [
      'the file of a path',
      404,
      'NotFound',
      () => send(server, '/api/upload/tus/..%2f..%2fx/file', { method: 'GET' }),
    ],
    ['another method', 404, 'NotFound', () => send(server, none, { method: 'PUT', headers: tus })],
  ])('%s', async (_, status, name, sendIt) => {
    const answer = await sendIt()
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect(await server.onDisk()).toEqual([])
  })

  test('an unknown one asked for its offset', async () => {
    expect((await send(server, none, { method: 'HEAD', headers: tus })).status).toBe(404)
  })

  test.each<[string, number, string, (url: string) => Promise<{ status: number; body: unknown }>]>([
    ['another offset', 409, 'Conflict', (url) => patch(server, url, 5, Buffer.from('x'))],
    [
      'no offset',
      400,
      'BadRequest',
      (url) =>
        send(server, url, {
          method: 'PATCH',
          headers: { ...tus, 'Content-Type': 'application/offset+octet-stream' },
          body: ['x'],
        }),
    ],
    ['an offset that is none', 400, 'BadRequest', (url) => patch(server, url, 'x', Buffer.from('x'))],
    [
      'another type of body',
      400,
      'BadRequest',
      (url) => patch(server, url, 0, Buffer.from('x'), { 'Content-Type': 'image/png' }),
    ],
    [
      'asking for the file too early',
      409,
      'Conflict',
      (url) => send(server, `${url}/file`, { method: 'GET' }),
    ],
  ])('%s is refused, and the upload can go on', async (_, status, name, sendIt) => {
    const bytes = png()
    const url = await begin(bytes.length)
    const answer = await sendIt(url)
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect((await patch(server, url, 0, bytes)).status).toBe(204)
    const { body } = await send(server, `${url}/file`, { method: 'GET' })
    await server.files.remove((body as { id: string }).id)
    expect((await send(server, url, { method: 'DELETE', headers: tus })).status).toBe(204)
    expect(await server.onDisk()).toEqual([])
  })

  test.each<[string, Record<string, string>]>([
    ['with a length', { 'Content-Length': '500' }],
    ['without', {}],
  ])('more than was announced, %s, ends the upload', async (_, headers) => {
    const url = await begin(100)
    const { status, body } = await patch(server, url, 0, png({ bytes: 500 }), headers)
    expect([status, body]).toEqual([413, refusal('TooLarge')])
    expect(await server.onDisk()).toEqual([])
  })

  test.each<[string, number, string, Record<string, string>, () => Buffer]>([
    ['HTML', 415, 'UnsupportedMedia', kind, () => Buffer.from(html)],
    ['PNG and HTML', 415, 'UnsupportedMedia', kind, () => Buffer.concat([png(), Buffer.from(html)])],
    ['a picture as a video', 415, 'UnsupportedMedia', { kind: 'video' }, () => png()],
  ])('a finished one that is %s leaves nothing', async (_, status, name, metadata, bytes) => {
    const url = await begin(bytes().length, metadata)
    const { status: answered, body } = await patch(server, url, 0, bytes())
    expect([answered, body]).toEqual([status, refusal(name)])
    expect((await send(server, url, { method: 'HEAD', headers: tus })).status).toBe(404)
    expect(await server.onDisk()).toEqual([])
  })

  test('the name is made harmless here too', async () => {
    const bytes = png()
    const url = await begin(bytes.length, { kind: 'image', name: '../../\u202ex\0.html' })
    await patch(server, url, 0, bytes)
    const { body } = await send(server, `${url}/file`, { method: 'GET' })
    expect(body).toMatchObject({ name: 'x.html.png' })
    await server.files.remove((body as { id: string }).id)
    await send(server, url, { method: 'DELETE', headers: tus })
  })

  test('together more than the quota', async () => {
    const small = await start({ quotaBytes: 10_000 })
    expect((await announce(small, 6000, kind)).status).toBe(201)
    const before = await small.onDisk()
    const { status, body } = await announce(small, 6000, kind)
    expect([status, body]).toEqual([507, refusal('QuotaExceeded')])
    expect(await small.onDisk()).toEqual(before)
  })

  test('too many that are unfinished', async () => {
    const busy = await start()
    for (let i = 0; i < 64; i++) await announce(busy, 5, kind)
    const { status, body } = await announce(busy, 5, kind)
    expect([status, body]).toEqual([429, refusal('TooMany')])
  })

  test('one that is too old', async () => {
    const strict = await start({ expiryMs: 1 })
    const url = String((await announce(strict, 100, kind)).headers.location)
    await expect.poll(async () => (await patch(strict, url, 0, png())).status).toBe(410)
    expect((await patch(strict, url, 0, png())).body).toEqual(refusal('NotFound'))
    expect(await strict.onDisk()).toEqual([`uploads/${idOf(url)}`, `uploads/${idOf(url)}.json`])
    await strict.uploads.sweep()
    expect(await strict.onDisk()).toEqual([])
  })
})

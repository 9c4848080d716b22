/** Forms that are none, too large or lie: the right status, one error shape, and nothing left on disk. */
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { refusal, useBadServer } from './bad-server'
import { boundary, formEnd, formType, part, send, sendForm, sendRaw } from './requests'
import { largeFilm, png } from './samples'

const bad = useBadServer()

describe('too much', () => {
  const large = () => png({ bytes: 1_000_001 })
  const tooLarge = [413, refusal('TooLarge')]

  test('a picture one byte over the limit, without a length', () =>
    sendForm(bad.server, '/api/upload/image', [part('file', 'x.png', large())]).then(
      async ({ status, body }) => {
        expect([status, body]).toEqual(tooLarge)
        expect(await bad.server.onDisk()).toEqual([])
      },
    ))

  test('a length over the limit is refused before anything is sent', async () => {
    const headers = { ...formType, 'Content-Length': '99999999' }
    const { status, body } = await send(bad.server, '/api/upload/image', { headers, body: ['x'] })
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
    const answer = await sendRaw(bad.server, [`${head.join('\r\n')}\r\n\r\n`, whole], 'wait')
    expect(answer).toMatch(/^HTTP\/1.1 400 /) // of Node itself: what is left is no request
    await expect.poll(() => bad.server.onDisk()).toEqual([])
  })

  test('a length that lies: more than comes', async () => {
    const whole = Buffer.concat([part('file', 'x.png', png({ bytes: 5000 })), Buffer.from(formEnd)])
    const head = [
      `POST /api/upload/image HTTP/1.1`,
      'Host: localhost',
      `Content-Type: ${formType['Content-Type']}`,
      'Content-Length: 900000',
    ]
    await sendRaw(bad.server, [`${head.join('\r\n')}\r\n\r\n`, whole], 'half-close')
    await expect.poll(() => bad.server.onDisk()).toEqual([])
  })

  test('a video over the limit stops being read', async () => {
    const { status, body } = await sendForm(bad.server, '/api/upload/video', [
      part('file', 'x.mp4', largeFilm(4_000_000)),
    ])
    expect([status, body]).toEqual(tooLarge)
    expect(await bad.server.onDisk()).toEqual([])
  })

  test('more than the quota', async () => {
    const small = await bad.start({ quotaBytes: 10_000 })
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
    const full = await bad.start({ spareBytes: Number.MAX_SAFE_INTEGER })
    const { status, body } = await sendForm(full, '/api/upload/image', [part('file', 'a.png', png())])
    expect([status, body]).toEqual([507, refusal('DiskFull')])
    expect(await full.onDisk()).toEqual([])
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
        send(bad.server, '/api/upload/image', {
          headers: { 'Content-Type': 'application/json' },
          body: ['{}'],
        }),
    ],
    ['no type', 415, 'UnsupportedMedia', () => send(bad.server, '/api/upload/image', { body: ['x'] })],
    [
      'a bare picture',
      415,
      'UnsupportedMedia',
      () =>
        send(bad.server, '/api/upload/image', { headers: { 'Content-Type': 'image/png' }, body: [png()] }),
    ],
    [
      'no boundary',
      400,
      'BadRequest',
      () =>
        send(bad.server, '/api/upload/image', {
          headers: { 'Content-Type': 'multipart/form-data' },
          body: [good()],
        }),
    ],
    [
      'a boundary that does not occur',
      400,
      'BadRequest',
      () =>
        sendForm(bad.server, '/api/upload/image', [good()], {
          'Content-Type': 'multipart/form-data; boundary=other',
        }),
    ],
    [
      'an endless boundary',
      400,
      'BadRequest',
      () =>
        sendForm(bad.server, '/api/upload/image', [good()], {
          'Content-Type': `multipart/form-data; boundary=${'x'.repeat(2000)}`,
        }),
    ],
    ['no body', 400, 'BadRequest', () => send(bad.server, '/api/upload/image', { headers: formType })],
    ['no part', 400, 'BadRequest', () => sendForm(bad.server, '/api/upload/image', [])],
    [
      'another field',
      400,
      'BadRequest',
      () => sendForm(bad.server, '/api/upload/image', [part('picture', 'x.png', png())]),
    ],
    [
      'a text field named file',
      400,
      'BadRequest',
      () => sendForm(bad.server, '/api/upload/image', [part('file', undefined, 'hello')]),
    ],
    [
      'a part without a name',
      400,
      'BadRequest',
      () => sendForm(bad.server, '/api/upload/image', [Buffer.from(`--${boundary}\r\n\r\nhello\r\n`)]),
    ],
    ['two files', 400, 'BadRequest', () => sendForm(bad.server, '/api/upload/image', [good(), good()])],
    [
      'a field before the file',
      400,
      'BadRequest',
      () => sendForm(bad.server, '/api/upload/image', [part('a', undefined, 'b'), good()]),
    ],
    [
      'a field after the file',
      400,
      'BadRequest',
      () => sendForm(bad.server, '/api/upload/image', [good(), part('a', undefined, 'b')]),
    ],
    [
      'a thousand parts',
      400,
      'BadRequest',
      () =>
        sendForm(
          bad.server,
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
        return sendForm(bad.server, '/api/upload/image', [
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
      () => send(bad.server, '/api/upload/image', { headers: formType, body: [good()] }),
    ],
    [
      'a file that is broken off',
      400,
      'BadRequest',
      () => send(bad.server, '/api/upload/image', { headers: formType, body: [good().subarray(0, -20)] }),
    ],
    ['an unknown kind', 404, 'NotFound', () => sendForm(bad.server, '/api/upload/audio', [good()])],
  ])('%s', async (_, status, name, sendIt) => {
    const answer = await sendIt()
    expect([answer.status, answer.body]).toEqual([status, refusal(name)])
    expect(await bad.server.onDisk()).toEqual([])
  })

  test('a sender that falls silent is given up', async () => {
    const impatient = await bad.start({ silenceMs: 200 })
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
    const socket = connect(bad.server.port, '127.0.0.1').on('error', () => {})
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(film)
    await expect.poll(() => bad.server.onDisk()).toEqual([expect.stringMatching(/^files\/incoming-/)])
    socket.destroy()
    await expect.poll(() => bad.server.onDisk()).toEqual([])
  })
})

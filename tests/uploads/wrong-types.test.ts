/** What is not what it says: refused whatever it is called, and nothing left on disk. */
import { describe, expect, test } from 'vitest'
import { html, refusal, useBadServer } from './bad-server'
import { part, sendForm } from './requests'
import { png, type Sample, sample, zip } from './samples'

const bad = useBadServer()

/** Sends a picture or a video and expects a refusal that leaves nothing. */
async function expectRefused(
  path: string,
  bytes: Buffer | string,
  fileName: string,
  status: number,
  name: string,
) {
  const { status: answered, body } = await sendForm(bad.server, path, [part('file', fileName, bytes)])
  expect([answered, body]).toEqual([status, refusal(name)])
  expect(await bad.server.onDisk()).toEqual([])
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

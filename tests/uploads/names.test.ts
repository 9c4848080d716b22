/** Names and ids that try to be paths, or to look like something else. */
import { describe, expect, test } from 'vitest'
import { refusal, useBadServer } from './bad-server'
import { part, send, sendForm } from './requests'
import { png } from './samples'

const bad = useBadServer()

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
    const { status, body } = await sendForm(bad.server, '/api/upload/image', [part('file', given, png())])
    const { id, name } = body as { id: string; name: string }
    expect([status, name]).toEqual([201, kept])
    expect(await bad.server.onDisk()).toEqual([
      `files/${id.slice(0, 2)}/${id}`,
      `files/${id.slice(0, 2)}/${id}.json`,
    ])
    const { headers } = await send(bad.server, `/api/files/${id}`, { method: 'HEAD' })
    expect(headers['content-disposition']).toMatch(/^inline; filename\*=UTF-8''[\w.%!~-]+$/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    await bad.server.files.remove(id)
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
    const { status, body } = await send(bad.server, `/api/files/${id}`, { method: 'GET' })
    expect([status, body]).toEqual([404, refusal('NotFound')])
  })
})

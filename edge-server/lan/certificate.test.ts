import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certifiedNames, openCertificate, readCertificate } from './certificate'

const DAY = 24 * 60 * 60 * 1000
const now = Date.UTC(2026, 0, 1)
const names = ['192.168.1.5', '2001:db8::7', 'studio.local', 'localhost']
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the certificate made here', () => {
  test('is for all names, for a year, and signs nothing else; key and folder are private', async () => {
    const lan = join(folder, 'lan')
    const { cert, key } = await openCertificate(lan, names, now)
    const x509 = new X509Certificate(cert)
    expect(certifiedNames(x509)).toEqual(names)
    for (const name of ['192.168.1.5', '2001:db8::7']) expect(x509.checkIP(name)).toBe(name)
    for (const name of ['studio.local', 'localhost']) expect(x509.checkHost(name)).toBe(name)
    expect(x509.ca).toBe(false)
    expect(x509.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']) // server
    expect(Date.parse(x509.validFrom)).toBeLessThan(now)
    const days = (Date.parse(x509.validTo) - Date.parse(x509.validFrom)) / DAY
    expect(days).toBeGreaterThan(365)
    expect(days).toBeLessThanOrEqual(398) // what phones take
    expect(x509.verify(x509.publicKey)).toBe(true)
    expect([mode(lan), mode(join(lan, 'key.pem')), mode(join(lan, 'cert.pem'))]).toEqual([
      '700',
      '600',
      '600',
    ])
    expect(readFileSync(join(lan, 'key.pem'), 'utf8')).toBe(key)
  })

  test('stays the same as long as it can', async () => {
    const first = await openCertificate(folder, names, now)
    expect(await openCertificate(folder, names, now + 300 * DAY)).toEqual(first)
    expect(await openCertificate(folder, ['studio.local'], now)).toEqual(first)
  })

  test.each([
    ['it ends soon', names, now + 370 * DAY],
    ['it has ended', names, now + 900 * DAY],
    ['there is a new address', ['10.0.0.9', 'studio.local'], now + DAY],
    ['the clock was wrong', names, now - 100 * DAY],
  ])('is made again with the same key when %s', async (_, wanted, at) => {
    const first = await openCertificate(folder, names, now)
    const second = await openCertificate(folder, wanted, at)
    expect(second.key).toBe(first.key)
    expect(second.cert).not.toBe(first.cert)
    const x509 = new X509Certificate(second.cert)
    expect(certifiedNames(x509)).toEqual(expect.arrayContaining(['192.168.1.5', 'studio.local', wanted[0]]))
    expect(Date.parse(x509.validTo)).toBeGreaterThan(at + 300 * DAY)
    expect(await openCertificate(folder, wanted, at)).toEqual(second)
  })

  test('is made anew where its files are damaged, or open to others', async () => {
    const first = await openCertificate(folder, names, now)
    writeFileSync(join(folder, 'cert.pem'), 'half a cert')
    const second = await openCertificate(folder, names, now)
    expect(second.key).toBe(first.key)
    writeFileSync(join(folder, 'key.pem'), 'half a key')
    const third = await openCertificate(folder, names, now)
    expect(third.key).not.toBe(first.key)
    expect(new X509Certificate(third.cert).checkPrivateKey(createPrivateKey(third.key))).toBe(true)
    chmodSync(join(folder, 'key.pem'), 0o644)
    expect((await openCertificate(folder, names, now)).key).toBe(third.key)
    expect(mode(join(folder, 'key.pem'))).toBe('600')
  })
})

describe("a user's own certificate", () => {
  async function files(changed: { cert?: string; key?: string } = {}) {
    const made = await openCertificate(join(folder, 'own'), names, now)
    const certFile = join(folder, 'cert')
    const keyFile = join(folder, 'key')
    writeFileSync(certFile, changed.cert ?? made.cert)
    writeFileSync(keyFile, changed.key ?? made.key)
    return { certFile, keyFile }
  }
  const refusal = async (given: { certFile: string; keyFile: string }, at = now) =>
    readCertificate(given, at).then(
      () => 'none',
      ({ name, message }) => `${name}: ${message.replaceAll(folder, '')}`,
    )

  test('is taken as it is', async () => {
    const given = await files()
    expect(await readCertificate(given, now)).toEqual({
      cert: readFileSync(given.certFile, 'utf8'),
      key: readFileSync(given.keyFile, 'utf8'),
    })
  })

  test('is refused with one sentence where it is no use', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString()
    const locked = other
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString()
    const cases = [
      [
        await refusal({ certFile: join(folder, 'no'), keyFile: join(folder, 'no') }),
        '--cert /no does not exist.',
      ],
      [await refusal({ ...(await files()), keyFile: join(folder, 'no') }), '--key /no does not exist.'],
      [await refusal({ ...(await files()), keyFile: folder }), '--key  cannot be read.'],
      [await refusal(await files({ cert: 'hello' })), '--cert /cert is not a certificate in PEM form.'],
      [await refusal(await files({ key: 'hello' })), '--key /key is not a private key in PEM form.'],
      [
        await refusal(await files({ key: locked })),
        '--key /key is locked with a passphrase: give one without.',
      ],
      [await refusal(await files({ key: pem })), '--key /key is not the key of the certificate /cert.'],
      [await refusal(await files(), now + 900 * DAY), 'The certificate /cert ended on 2027-02-01.'],
    ]
    for (const [said, sentence] of cases) expect(said).toBe(`ConfigError: ${sentence}`)
  })
})

/** The certificate for HTTPS: made here and kept in the data folder, or the user's own. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { privateFolder, readIfThere, writePrivately } from './private-files'

/** PEM. */
export interface Credentials {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Phones refuse what is valid for much longer than a year. */
const VALID_MS = 397 * DAY_MS
const RENEW_BEFORE_MS = 30 * DAY_MS
/** A laptop sees many networks: the names it had lately stay in, so that going home again is no new certificate. */
const MAX_NAMES = 40

/**
 * The certificate in `folder`, made where there is none, and made again, with the same key, when it ends soon or lacks one
 * of `names` (addresses and host names).
 */
export async function openCertificate(
  folder: string,
  names: readonly string[],
  nowMs: number,
): Promise<Credentials> {
  await privateFolder(folder)
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  const key = usableKey(await readIfThere(keyFile)) ?? (await makeKey(keyFile))
  const known = await readIfThere(certFile)
  const certificate = known === undefined ? undefined : parseCertificate(known)
  const isOurs = certificate?.checkPrivateKey(createPrivateKey(key))
  const covered = certificate && isOurs ? certifiedNames(certificate) : []
  if (certificate && known && isOurs) {
    const lasts = endMs(certificate) - RENEW_BEFORE_MS > nowMs
    const began = Date.parse(certificate.validFrom) <= nowMs
    if (lasts && began && names.map(inUrl).every((name) => covered.includes(name)))
      return { cert: known, key }
  }
  const cert = await makeCertificate(
    key,
    [...new Set([...names.map(inUrl), ...covered])].slice(0, MAX_NAMES),
    nowMs,
  )
  await writePrivately(certFile, cert)
  return { cert, key }
}

function usableKey(pem: string | undefined): string | undefined {
  try {
    return pem && createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1' ? pem : undefined
  } catch {
    return undefined // damaged: a new one is made
  }
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined // damaged: a new one is made
  }
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writePrivately(file, pem)
  return pem
}

async function makeCertificate(key: string, names: readonly string[], nowMs: number): Promise<string> {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const { cert } = await generate([{ name: 'commonName', value: 'Understudy on this network' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    keyPair: { privateKey: key, publicKey },
    // A phone's clock may be a little behind.
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs - DAY_MS + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          isAddress(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
        ),
      },
    ],
  })
  return cert
}

const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name)

const endMs = ({ validTo }: X509Certificate): number => Date.parse(validTo)

/** Names and addresses that a certificate is for, as they stand in a URL; those with a wildcard too (`*.home.example`). */
export function certifiedNames({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1]?.toLowerCase() ?? [])
    .map(inUrl)
}

/** The one of many ways to write an IPv6 address that a URL has. */
function inUrl(name: string): string {
  const url = `http://[${name}]`
  return name.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : name
}

/** A user's own certificate and key. Throws an Error named ConfigError, one sentence, where they are no use. */
export async function readCertificate(
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
  nowMs: number,
): Promise<Credentials> {
  const cert = await readPem('--cert', certFile)
  const key = await readPem('--key', keyFile)
  const certificate = parseCertificate(cert)
  if (!certificate) throw unusable(`--cert ${certFile} is not a certificate in PEM form.`)
  const privateKey = parseKey(key, keyFile)
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(`--key ${keyFile} is not the key of the certificate ${certFile}.`)
  }
  if (endMs(certificate) <= nowMs) {
    throw unusable(
      `The certificate ${certFile} ended on ${new Date(endMs(certificate)).toISOString().slice(0, 10)}.`,
    )
  }
  return { cert, key }
}

function parseKey(key: string, keyFile: string) {
  try {
    return createPrivateKey(key)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isLocked = code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(key)
    throw unusable(
      isLocked
        ? `--key ${keyFile} is locked with a passphrase: give one without.`
        : `--key ${keyFile} is not a private key in PEM form.`,
    )
  }
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : 'cannot be read'
    throw unusable(`${flag} ${file} ${why}.`)
  }
}

function unusable(message: string): Error {
  return Object.assign(new Error(message), { name: 'ConfigError' })
}

/** What the terminal says when the server listens. */
import { renderUnicodeCompact } from 'uqr'

/** White on black whatever the colours of the terminal: not every camera reads the opposite. */
const WHITE_ON_BLACK = '\x1b[97;40m'
const USUAL = '\x1b[0m'

export function pairingGreeting(
  link: string,
  fingerprint: string,
  hasOwn: boolean,
  colours: boolean,
): string {
  const paint = (line: string) => (colours ? `${WHITE_ON_BLACK}${line}${USUAL}` : line)
  const code = renderUnicodeCompact(link, { border: 2 }).split('\n').map(paint)
  const warning = hasOwn
    ? []
    : [
        'Its browser will warn once, because this certificate was made here. It is the right one if its SHA-256 begins with',
        `${fingerprint.slice(0, 23)}.`,
      ]
  return [
    '',
    ...code,
    '',
    'To let a phone in, scan this code or open the link. It works once, for 10 minutes:',
    link,
    ...warning,
  ].join('\n')
}

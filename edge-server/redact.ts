/** Keeps secrets out of what is written down: passwords, keys, cookies, codes. */
import { format } from 'node:util'
import type { Config } from './config'

const GONE = '…'

/** What secrets look like, wherever they come from. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Greedy up to the last @ of the address: a password may hold one.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"]*@/gi, `$1${GONE}@`],
  [
    /\b(authorization|proxy-authorization|cookie|set-cookie|x-api-key)(["']?\s*[:=]\s*)[^\r\n]+/gi,
    `$1$2${GONE}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${GONE}`],
  [/__Host-understudy=[^;\s'"]+/g, `__Host-understudy=${GONE}`],
  [/(\/pair#)[\w-]+/g, `$1${GONE}`],
  [/\b(code["']?\s*[:=]\s*["']?)[\w-]{22}\b/g, `$1${GONE}`], // of pairing; an error's code stays
  [
    /\b(\w*(?:password|passwd|secret|token|api_?key|llm_key))(["']?\s*[:=]\s*)("[^"]+"|'[^']+'|[^\s,;&'"}]+)/gi,
    `$1$2${GONE}`,
  ],
]

/** A text without secrets: those that can be recognised, and `known` ones wherever they stand. */
export function redact(text: string, known: readonly string[] = []): string {
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, GONE), text)
  return PATTERNS.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), without)
}

/** The secrets of a configuration, as they were given and as they are decoded. */
export function secretsOf({
  boxes,
  redisUrl,
  languageModel,
}: Pick<Config, 'boxes' | 'redisUrl' | 'languageModel'>): string[] {
  const urls = [
    ...boxes.map(({ url }) => url),
    ...(redisUrl ? [redisUrl] : []),
    ...(languageModel ? [languageModel.url] : []),
  ]
  const passwords = urls.flatMap((url) => {
    const { password } = new URL(url)
    return [password, decoded(password)]
  })
  // Replacing what is as short as a word would mangle the rest of the text.
  return [...new Set([...passwords, languageModel?.key ?? ''])].filter((secret) => secret.length >= 4)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // no encoding after all
  }
}

/** From now on what goes to the log of this process, by console.error and console.warn, has no secrets. */
export function redactLogs(config: Config): void {
  const known = secretsOf(config)
  for (const name of ['error', 'warn'] as const) {
    const write = console[name].bind(console)
    console[name] = (...told: unknown[]) => write('%s', redact(format(...told), known))
  }
}

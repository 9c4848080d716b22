/** The command line and the environment, parsed once; a bad one stops the start with one sentence. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import type { BoxConfig } from './comfy/boxes'

export interface Config {
  readonly port: number
  readonly host: string
  /** Show the page in the browser once the server listens. */
  readonly open: boolean
  /** Set where paired devices of the network are let in; undefined: this machine only. */
  readonly lan: LanConfig | undefined
  /** Absolute. Made when first needed. */
  readonly dataFolder: string
  readonly boxes: readonly BoxConfig[]
  /** Several servers share one queue there. May hold a password: never to be printed. */
  readonly redisUrl: string | undefined
  readonly languageModel: LanguageModelConfig | undefined
  readonly limits: Limits
  readonly retention: Retention
}

export interface LanConfig {
  /** A certificate of the user's own, as PEM files; undefined: the server makes one. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | undefined
}

/** An OpenAI-compatible server that helps to understand sentences. `key` is secret. */
export interface LanguageModelConfig {
  readonly url: string
  readonly model: string
  readonly key: string | undefined
}

export interface Limits {
  readonly maxImageBytes: number
  readonly maxVideoBytes: number
  /** Everything that is kept; more is refused. */
  readonly quotaBytes: number
  /** What one paired device may send in 24 hours. */
  readonly deviceDayBytes: number
}

/** Ended jobs and files nobody needs go when they are older, or when more than this is kept. */
export interface Retention {
  readonly keepMs: number
  readonly keepBytes: number
}

export const usage = `Understudy, served from this machine.

  npm start -- [options]      builds and serves
  node dist/server/main.js    serves what was built

  --port N     port to listen on (default 4173; 0 takes any free one)
  --host NAME  address to listen on (default 127.0.0.1; with --lan all of them)
  --lan        let phones and other devices in, by HTTPS, once they are paired
  --cert FILE  with --lan: your own certificate (PEM), and
  --key FILE   its private key (PEM); without them one is made
  --data DIR   folder for jobs, files and devices (default ~/.understudy)
  --open       show the page in the browser
  --help       this text

Environment
  COMFYUI_URLS         GPU boxes: http://192.168.1.20:8188,attic=http://10.0.0.7:8188
  COMFYUI_CONCURRENCY  jobs sent to one box at a time (2)
  REDIS_URL            share the queue among several servers: redis://host:6379
  UNDERSTUDY_DATA      the same as --data
  UNDERSTUDY_LLM_URL, UNDERSTUDY_LLM_MODEL, UNDERSTUDY_LLM_KEY
                       a language model for odd sentences: http://127.0.0.1:11434/v1
  UNDERSTUDY_MAX_IMAGE_MB (32), UNDERSTUDY_MAX_VIDEO_MB (2048)
                       largest upload
  UNDERSTUDY_QUOTA_GB (100), UNDERSTUDY_DEVICE_GB (20)
                       most that is stored; most that one paired device sends in a day
  UNDERSTUDY_KEEP_DAYS (30), UNDERSTUDY_KEEP_GB (50)
                       ended jobs are removed when older, the oldest first when more is kept`

const MB = 2 ** 20
const GB = 2 ** 30
const DAY_MS = 24 * 60 * 60 * 1000

const text = (name: string, wants: string) =>
  v.optional(v.pipe(v.string(), v.nonEmpty(`${name} wants ${wants}.`)))

/** A number in a string, within bounds; decimals unless `whole`. */
function amount(name: string, fallback: number, min: number, max: number, whole = false) {
  const wanted = `${name} wants a ${whole ? 'whole ' : ''}number from ${min} to ${max}`
  const shape = whole ? /^\d+$/ : /^\d+(\.\d+)?$/
  return v.pipe(
    v.optional(v.string(), String(fallback)),
    v.check(
      (value) => shape.test(value) && Number(value) >= min && Number(value) <= max,
      ({ input }) => `${wanted}, not "${input}".`,
    ),
    v.transform(Number),
  )
}

const isAddress = (value: string, ...protocols: string[]): boolean =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname !== ''

/** An http(s) address without a slash at its end. What was given is not repeated: it may hold a password. */
const webAddress = (name: string, example: string) =>
  v.pipe(
    v.string(),
    v.check((value) => isAddress(value, 'http:', 'https:'), `${name} wants an address like ${example}.`),
    v.check((value) => !/[?#]/.test(value), `${name} wants an address like ${example}, without "?" and "#".`),
    v.transform((value) => new URL(value).href.replace(/\/+$/, '')),
  )

const NamedBox = v.object({
  name: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[\w.-]{1,40}$/,
        'A name in COMFYUI_URLS has up to 40 letters, digits, ".", "-" and "_", as in attic=http://10.0.0.7:8188.',
      ),
    ),
  ),
  url: webAddress('Each entry of COMFYUI_URLS', 'http://192.168.1.20:8188 or attic=http://10.0.0.7:8188'),
})

const Boxes = v.pipe(
  v.optional(v.string(), ''),
  v.transform((list) => list.split(',').map((entry) => entry.trim())),
  v.transform((entries) => entries.filter((entry) => entry !== '').map(splitName)),
  v.array(NamedBox),
  v.transform((boxes) => boxes.map(({ name, url }) => ({ name: name ?? new URL(url).host, url }))),
  v.check(
    (boxes) => new Set(boxes.map(({ name }) => name.toLowerCase())).size === boxes.length,
    'Two boxes in COMFYUI_URLS have the same name; give them names, as in one=http://…,two=http://…',
  ),
)

function splitName(entry: string): v.InferInput<typeof NamedBox> {
  const [, name, url] = /^([^=:/?#]*)=(.*)$/.exec(entry) ?? []
  return name === undefined || url === undefined ? { url: entry } : { name, url }
}

const Settings = v.object({
  port: amount('--port', 4173, 0, 65_535, true),
  host: text('--host', 'an address, such as 127.0.0.1 or localhost'),
  open: v.boolean(),
  lan: v.boolean(),
  cert: text('--cert', 'a file'),
  key: text('--key', 'a file'),
  data: text('--data', 'a folder'),
  COMFYUI_URLS: Boxes,
  COMFYUI_CONCURRENCY: amount('COMFYUI_CONCURRENCY', 2, 1, 64, true),
  REDIS_URL: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (value) => isAddress(value, 'redis:', 'rediss:'),
        'REDIS_URL wants an address like redis://127.0.0.1:6379.',
      ),
    ),
  ),
  UNDERSTUDY_DATA: v.optional(v.string()),
  UNDERSTUDY_LLM_URL: v.optional(webAddress('UNDERSTUDY_LLM_URL', 'http://127.0.0.1:11434/v1')),
  UNDERSTUDY_LLM_MODEL: v.optional(v.string()),
  UNDERSTUDY_LLM_KEY: v.optional(v.string()),
  UNDERSTUDY_MAX_IMAGE_MB: amount('UNDERSTUDY_MAX_IMAGE_MB', 32, 1, 1024),
  UNDERSTUDY_MAX_VIDEO_MB: amount('UNDERSTUDY_MAX_VIDEO_MB', 2048, 1, 1_000_000),
  UNDERSTUDY_QUOTA_GB: amount('UNDERSTUDY_QUOTA_GB', 100, 0.01, 1_000_000),
  UNDERSTUDY_DEVICE_GB: amount('UNDERSTUDY_DEVICE_GB', 20, 0.01, 1_000_000),
  UNDERSTUDY_KEEP_DAYS: amount('UNDERSTUDY_KEEP_DAYS', 30, 0.01, 100_000),
  UNDERSTUDY_KEEP_GB: amount('UNDERSTUDY_KEEP_GB', 50, 0.01, 1_000_000),
})

type Environment = Readonly<Record<string, string | undefined>>

/** Parses the arguments after the file's name, and the environment. Throws an Error named ConfigError. */
export function parseConfig(args: readonly string[], env: Environment): Config | 'help' {
  const { help, ...flags } = parseFlags(args)
  if (help) return 'help'
  // A variable set to nothing is one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parsed = v.safeParse(Settings, { ...set, ...flags }, { abortEarly: true })
  if (!parsed.success) throw configError(parsed.issues[0].message)
  const given = parsed.output
  const { UNDERSTUDY_LLM_URL: url, UNDERSTUDY_LLM_MODEL: model, UNDERSTUDY_LLM_KEY: key } = given
  if (url && !model) throw configError('UNDERSTUDY_LLM_URL needs UNDERSTUDY_LLM_MODEL, the name of a model.')
  const host = given.host ?? (given.lan ? '0.0.0.0' : '127.0.0.1')
  if (!given.lan && !isLoopback(host)) {
    throw configError(`--host ${host} would let anybody in: add --lan, which lets in paired devices only.`)
  }
  return {
    port: given.port,
    host,
    open: given.open,
    lan: lanConfig(given),
    dataFolder: resolve(given.data ?? given.UNDERSTUDY_DATA ?? join(homedir(), '.understudy')),
    boxes: given.COMFYUI_URLS.map((box) => ({ ...box, concurrency: given.COMFYUI_CONCURRENCY })),
    redisUrl: given.REDIS_URL,
    languageModel: url && model ? { url, model, key } : undefined,
    limits: {
      maxImageBytes: Math.round(given.UNDERSTUDY_MAX_IMAGE_MB * MB),
      maxVideoBytes: Math.round(given.UNDERSTUDY_MAX_VIDEO_MB * MB),
      quotaBytes: Math.round(given.UNDERSTUDY_QUOTA_GB * GB),
      deviceDayBytes: Math.round(given.UNDERSTUDY_DEVICE_GB * GB),
    },
    retention: {
      keepMs: given.UNDERSTUDY_KEEP_DAYS * DAY_MS,
      keepBytes: Math.round(given.UNDERSTUDY_KEEP_GB * GB),
    },
  }
}

function lanConfig({ lan, cert, key }: v.InferOutput<typeof Settings>): LanConfig | undefined {
  if ((cert || key) && !lan) throw configError('--cert and --key are for --lan: add it.')
  if (!cert !== !key) throw configError('--cert and --key go together: give both, or neither.')
  if (!lan) return undefined
  return { certificate: cert && key ? { certFile: resolve(cert), keyFile: resolve(key) } : undefined }
}

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        open: { type: 'boolean', default: false },
        lan: { type: 'boolean', default: false },
        cert: { type: 'string' },
        key: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    // Node explains at length; its first sentence is the one about the option.
    const [sentence] = String(error instanceof Error ? error.message : error).split(/\.\s/)
    throw configError(`${sentence?.replace(/\.$/, '')}. Try --help.`)
  }
}

function configError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ConfigError' })
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
  )
}

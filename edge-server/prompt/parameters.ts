/** Numbers and wishes in a sentence: how long, how good, how strongly, in which style, what not, and what for what. */
import type { QualityTier } from '../jobs/job'
import { type Language, plainText, STYLES } from './words'

export interface Parameters {
  /** What the video model is told: the sentence as it was typed, without clauses that only set something. */
  readonly prompt: string
  readonly quality: QualityTier | undefined
  readonly durationS: number | undefined
  readonly strength: number | undefined // 0..1
  readonly seed: number | undefined
  readonly style: string | undefined
  /** What must not be seen. */
  readonly negative: readonly string[]
  /** "swap A for B": what goes and what comes. */
  readonly swap: { readonly from: string; readonly to: string } | undefined
  /** What is to be cut out of the video, in English: the models that find it know no other words. */
  readonly subject: string | undefined
}

const QUALITY: readonly (readonly [QualityTier, RegExp])[] = [
  [
    'high',
    /\b(?:high(?:est)? quality|best quality|in 4k|1080p|hd|sharp|cinematic quality|alta calidad|maxima calidad|mejor calidad|la mejor)\b/,
  ],
  [
    'fast',
    /\b(?:fast|quick(?:ly)?|draft|preview|low quality|rough|rapido|rapida|borrador|vista previa|baja calidad|deprisa)\b/,
  ],
  ['standard', /\b(?:standard|normal|medium) quality\b|\bcalidad (?:normal|media|estandar)\b/],
]

/** Words that stand for somebody without saying what they look like, and what is not cut out as a whole. */
const NO_SUBJECT =
  /^(?:him|her|them|it|me|us|myself|this|that|everyone|everybody|.*\b(?:face|faces|head|style|look))$/

const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  un: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  quince: 15,
  veinte: 20,
  treinta: 30,
}
const NUMBER = `(\\d+(?:[.,]\\d+)?|${Object.keys(NUMBERS).join('|')})`
const numberOf = (word: string): number => NUMBERS[word] ?? Number(word.replace(',', '.'))

const DURATION = new RegExp(`\\b${NUMBER}[ -]?(s|secs?|seconds?|segundos?|seg|min|minutes?|minutos?)\\b`)
const STRENGTH_PERCENT =
  /\b(?:strength|intensity|fuerza|intensidad)(?: (?:of|del?|at|al|to|=))?:? ?(\d+(?:[.,]\d+)?) ?(%|percent|por ciento)?/
const PERCENT_STRENGTH =
  /\b(\d+(?:[.,]\d+)?) ?(%|percent|por ciento) (?:of )?(?:de )?(?:strength|intensity|fuerza|intensidad)/
const STRENGTH_WORDS: readonly (readonly [number, RegExp])[] = [
  [
    0.35,
    /\b(?:slight(?:ly)?|subtl[ey]|a (?:little|bit)|gently?|ligeramente|un poco|sutil(?:mente)?|suave(?:mente)?)\b/,
  ],
  [
    0.9,
    /\b(?:strong(?:ly)?|heav(?:y|ily)|complete(?:ly)?|totally|fuerte(?:mente)?|completamente|totalmente|del todo)\b/,
  ],
]
const SEED = /\b(?:seed|semilla)[ :=#]*(\d{1,15})\b/
const STYLE_WORDS = `${STYLES.en}|${STYLES.es}`
const STYLE = new RegExp(
  `\\b(?:in (?:the |an? )?style of (\\w+(?: \\w+){0,3})|(?:in|as) (?:an? )?(${STYLE_WORDS})(?: style)?|(${STYLE_WORDS}) (?:style|look)|(?:al|en|con) (?:el )?estilo (?:de )?(?:un |una )?(\\w+(?: \\w+){0,2})|estilo (${STYLE_WORDS}))`,
)
const NEGATIVE: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:without|no|avoid|not? any|don't want|do not want)(?: any| the| to see)? ([\p{L}-]+(?: [\p{L}-]+){0,2}?)(?=,|\.|$| and | but | please| with | in | on | or )/gu,
  es: /\b(?:sin|evita(?:ndo)?|no quiero(?: ver)?|nada de)(?: ningun[ao]?| el| la| los| las)? ([\p{L}-]+(?: [\p{L}-]+){0,2}?)(?=,|\.|$| y | pero | por favor| con | en | o )/gu,
}
/** Verbs after "without" are about keeping, not about what is seen: "without changing the background". */
const NOT_A_THING = /^(?:\p{L}+ing\b|\p{L}+(?:ar|er|ir)\b|need|matter|longer|one)/u
const ARTICLE = '(?:the |an? |my |his |her |el |la |los |las |un |una |mi |su )?'
const THING = '([\\p{L}\\p{N}-]+(?: [\\p{L}\\p{N}-]+){0,4}?)'
const SWAP: Readonly<Record<Language, readonly RegExp[]>> = {
  en: [
    new RegExp(
      `\\b(?:swap|replace|exchange|substitute|switch|change) ${ARTICLE}${THING} (?:for|with|by|to|into) ${ARTICLE}${THING}(?= in | on | and | but | while | keep|,|\\.|$)`,
      'u',
    ),
    new RegExp(
      `\\bturn ${ARTICLE}${THING} into ${ARTICLE}${THING}(?= in | on | and | but | while |,|\\.|$)`,
      'u',
    ),
    new RegExp(`\\b${THING} instead of ${ARTICLE}${THING}(?= in | on | and |,|\\.|$)`, 'u'),
  ],
  es: [
    new RegExp(
      `\\b(?:cambia|reemplaza|sustituye|intercambia) (?:a )?${ARTICLE}${THING} por ${ARTICLE}${THING}(?= en | y | pero | sin | mante|,|\\.|$)`,
      'u',
    ),
    new RegExp(
      `\\b(?:convierte|transforma) (?:a |al )?${ARTICLE}${THING} en ${ARTICLE}${THING}(?= en | y | pero |,|\\.|$)`,
      'u',
    ),
  ],
}

/** `plain` is the text as `plainText` leaves it. */
export function parametersIn(text: string, plain: string, language: Language): Parameters {
  const swap = swapIn(plain, language)
  return {
    prompt: promptIn(text, language),
    quality: QUALITY.find(([, words]) => words.test(plain))?.[0],
    durationS: durationIn(plain),
    strength: strengthIn(plain),
    seed: numberAt(plain.match(SEED)),
    style: plain.match(STYLE)?.slice(1).find(Boolean)?.trim(),
    negative: [...plain.matchAll(NEGATIVE[language])]
      .map(([, thing]) => thing?.trim() ?? '')
      .filter((thing) => thing && !NOT_A_THING.test(thing)),
    swap,
    subject: language === 'en' && swap && !NO_SUBJECT.test(swap.from) ? swap.from : undefined,
  }
}

const FILLERS =
  /\b(?:please|thanks|and|with|in|at|for|of|a|the|it|make|use|about|por favor|gracias|y|con|en|a|de|durante|que dure|dure|unos)\b/g

/** "a knight dances, 5 seconds, high quality, without hats" → "a knight dances". */
function promptIn(text: string, language: Language): string {
  const settings = [
    DURATION,
    STRENGTH_PERCENT,
    PERCENT_STRENGTH,
    SEED,
    NEGATIVE[language],
    ...[...QUALITY, ...STRENGTH_WORDS].map(([, words]) => words),
  ].map(({ source, flags }) => new RegExp(source, `g${flags.replace('g', '')}`))
  const clauses = text.split(/(?<=[,;.!](?=\s|$))/)
  const told = clauses.filter((clause) => {
    const plain = plainText(clause)
    const rest = settings.reduce((left, setting) => left.replace(setting, ' '), plain).replace(FILLERS, ' ')
    return plain === '' || rest === plain || /[\p{L}\p{N}]/u.test(rest)
  })
  return (
    told
      .join('')
      .replace(/[\s,;]+$/, '')
      .trim() || text.trim()
  )
}

const numberAt = (match: RegExpMatchArray | null): number | undefined =>
  match?.[1] === undefined ? undefined : Number(match[1])

function durationIn(plain: string): number | undefined {
  const [, amount, unit] = plain.match(DURATION) ?? []
  if (!amount || !unit) return undefined
  const seconds = numberOf(amount) * (unit.startsWith('min') ? 60 : 1)
  return seconds > 0 ? seconds : undefined
}

function strengthIn(plain: string): number | undefined {
  const [, amount, percent] = plain.match(STRENGTH_PERCENT) ?? plain.match(PERCENT_STRENGTH) ?? []
  if (amount) {
    const value = numberOf(amount)
    return Math.min(1, percent || value > 1 ? value / 100 : value)
  }
  return STRENGTH_WORDS.find(([, words]) => words.test(plain))?.[0]
}

function swapIn(plain: string, language: Language): Parameters['swap'] {
  for (const pattern of SWAP[language]) {
    const [, one, other] = plain.match(pattern) ?? []
    if (!one || !other) continue
    const [a, b] = [one.trim(), other.trim()]
    return pattern.source.includes('instead of') ? { from: b, to: a } : { from: a, to: b }
  }
  return undefined
}

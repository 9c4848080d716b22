/** From what a workflow declares, what its sentence said and what a person set, to the values of a job. */
import type { PromptView, WorkflowView } from '../edge/edge'

export type Parameter = WorkflowView['parameters'][number]
export type Value = string | number | boolean
export type Values = Readonly<Record<string, Value>>
export type Understood = PromptView['parameters']

/** What a parameter has when nobody says anything; undefined for a seed, which is drawn anew for each job. */
export const defaultOf = (parameter: Parameter): Value | undefined =>
  parameter.kind === 'seed' ? undefined : parameter.default

/** One sentence about what is wrong with a value; '' where nothing is. */
export function faultOf(parameter: Parameter, value: Value | undefined): string {
  if (value === undefined) return ''
  switch (parameter.kind) {
    case 'text':
      return String(value).length > parameter.maxLength ? `At most ${parameter.maxLength} characters.` : ''
    case 'integer':
    case 'number': {
      const { min, max } = parameter
      const number = Number(value)
      if (value === '' || !Number.isFinite(number)) return `A number from ${min} to ${max}.`
      if (number < min || number > max) return `From ${min} to ${max}.`
      return parameter.kind === 'integer' && !Number.isInteger(number) ? 'A whole number.' : ''
    }
    case 'seed':
      return isSeed(value, parameter.max) ? '' : `A whole number from 0 to ${parameter.max}.`
    case 'choice':
      return parameter.choices.some((choice) => choice.value === value) ? '' : 'Not among the choices.'
    case 'switch':
      return ''
  }
}

const isSeed = (value: Value, max: number): boolean =>
  value !== '' && Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) <= max

/** A seed anybody can read out loud. */
export const randomSeed = (max: number): number => Math.floor(Math.random() * Math.min(max, 999_999_999))

/** Names by which workflows declare what a sentence can say. */
const SPOKEN: Readonly<Record<string, (said: Understood) => Value | undefined>> = {
  prompt: ({ prompt }) => prompt || undefined,
  negative: ({ negative }) => (negative.length > 0 ? negative.join(', ') : undefined),
  durationS: ({ durationS }) => durationS,
  strength: ({ strength }) => strength,
  style: ({ style }) => style,
  seed: ({ seed }) => seed,
  subject: ({ subject }) => subject,
}

/** What the sentence says about a workflow's parameters, kept within their limits. */
export function valuesIn(
  sentence: string,
  said: Understood | undefined,
  parameters: readonly Parameter[],
): Values {
  const values: Record<string, Value> = {}
  for (const parameter of parameters) {
    const value = SPOKEN[parameter.name]?.(said ?? { prompt: sentence.trim(), negative: [] })
    const fitting = value === undefined ? undefined : fitted(parameter, value)
    if (fitting !== undefined) values[parameter.name] = fitting
  }
  return values
}

function fitted(parameter: Parameter, value: Value): Value | undefined {
  if ((parameter.kind === 'number' || parameter.kind === 'integer') && typeof value === 'number') {
    const { min, max, step } = parameter
    const stepped = step > 0 ? min + Math.round((value - min) / step) * step : value
    return Number(Math.min(max, Math.max(min, stepped)).toFixed(6))
  }
  if (parameter.kind === 'text') return String(value).slice(0, parameter.maxLength)
  return faultOf(parameter, value) === '' ? value : undefined
}

/** What was understood besides the workflow, for people. */
export function understoodInWords(said: Understood): string[] {
  const words: string[] = []
  if (said.quality) words.push(`${said.quality[0]?.toUpperCase()}${said.quality.slice(1)} quality`)
  if (said.durationS !== undefined) words.push(`${said.durationS} s long`)
  if (said.strength !== undefined) words.push(`Strength ${Math.round(100 * said.strength)} %`)
  if (said.style) words.push(`Style: ${said.style}`)
  if (said.swap) words.push(`${said.swap.from} → ${said.swap.to}`)
  for (const thing of said.negative) words.push(`Without ${thing}`)
  if (said.seed !== undefined) words.push(`Seed ${said.seed}`)
  return words
}

/** A person's request against a declaration: every value checked, every default filled in. */
import { Refusal } from '../errors'
import { type JobRequest, QUALITY_TIERS } from '../jobs/job'
import type { Declaration, Parameter } from './declaration'
import { cleanText, type Scalar } from './inject'

const FILE_ID = /^[0-9a-f]{64}$/
const MAX_SENTENCE = 2000

/** Throws a Refusal named BadRequest with one sentence per fault. */
export function checkRequest(declaration: Declaration, request: JobRequest): JobRequest {
  const faults: string[] = []
  const tier = QUALITY_TIERS.find((name) => name === request.tier && declaration.tiers[name])
  if (!tier) faults.push(`“${declaration.title}” has no quality of that name.`)
  const inputs = checkInputs(declaration, request.inputs, faults)
  const parameters = checkParameters(declaration, request.parameters, faults)
  if (!tier || faults.length > 0) throw new Refusal(400, 'BadRequest', faults.join(' '))
  const sentence = cleanText(String(request.sentence)).slice(0, MAX_SENTENCE)
  return { workflow: request.workflow, tier, inputs, parameters, sentence }
}

function checkInputs(declaration: Declaration, given: unknown, faults: string[]): Record<string, string> {
  const values = ownValues(given)
  const known = new Set(declaration.inputs.map(({ name }) => name))
  for (const name of values.keys())
    if (!known.has(name)) faults.push(`There is no input named “${short(name)}”.`)
  const checked: [string, string][] = []
  for (const { name, label, required } of declaration.inputs) {
    const value = values.get(name)
    if (value === undefined) {
      if (required) faults.push(`“${label}” is missing.`)
    } else if (typeof value !== 'string' || !FILE_ID.test(value)) {
      faults.push(`“${label}” wants the id of an uploaded file.`)
    } else checked.push([name, value])
  }
  return Object.fromEntries(checked)
}

function checkParameters(declaration: Declaration, given: unknown, faults: string[]): Record<string, Scalar> {
  const values = ownValues(given)
  const known = new Set(declaration.parameters.map(({ name }) => name))
  for (const name of values.keys())
    if (!known.has(name)) faults.push(`There is no setting named “${short(name)}”.`)
  const checked: [string, Scalar][] = []
  for (const parameter of declaration.parameters) {
    const value = values.get(parameter.name) ?? fallback(parameter)
    const result = checkValue(parameter, value)
    if (typeof result === 'object') faults.push(result.fault)
    else checked.push([parameter.name, result])
  }
  return Object.fromEntries(checked)
}

function fallback(parameter: Parameter): Scalar {
  return parameter.kind === 'seed' ? Math.floor(Math.random() * (parameter.max + 1)) : parameter.default
}

type Fault = { readonly fault: string }

function checkValue(parameter: Parameter, value: unknown): Scalar | Fault {
  const { label } = parameter
  switch (parameter.kind) {
    case 'text': {
      if (typeof value !== 'string') return { fault: `“${label}” wants text.` }
      if (value.length > parameter.maxLength) {
        return { fault: `“${label}” has more than ${parameter.maxLength} characters.` }
      }
      return cleanText(value)
    }
    case 'seed':
      return isWhole(value) && value >= 0 && value <= parameter.max
        ? value
        : { fault: `“${label}” wants a whole number from 0 to ${parameter.max}.` }
    case 'integer':
    case 'number': {
      const { min, max, unit, kind } = parameter
      const isFit = kind === 'integer' ? isWhole(value) : typeof value === 'number' && Number.isFinite(value)
      if (isFit && (value as number) >= min && (value as number) <= max) return value as number // isFit: a number
      const what = kind === 'integer' ? 'a whole number' : 'a number'
      return { fault: `“${label}” wants ${what} from ${min} to ${max}${unit ? ` ${unit}` : ''}.` }
    }
    case 'choice': {
      const choice = parameter.choices.find((one) => one.value === value)
      if (choice) return choice.value
      return { fault: `“${label}” wants one of: ${parameter.choices.map((one) => one.value).join(', ')}.` }
    }
    case 'switch':
      return typeof value === 'boolean' ? value : { fault: `“${label}” wants true or false.` }
  }
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value)

/** What an object itself holds, whatever its keys are called. */
function ownValues(given: unknown): Map<string, unknown> {
  return new Map(typeof given === 'object' && given !== null ? Object.entries(given) : [])
}

const short = (name: string): string => cleanText(name).slice(0, 40)

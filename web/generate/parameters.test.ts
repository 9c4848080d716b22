import { expect, test } from 'vitest'
import { faultOf, type Parameter, randomSeed, understoodInWords, valuesIn } from './parameters'

const about = { label: 'It', advanced: false }
const length: Parameter = {
  ...about,
  kind: 'number',
  name: 'durationS',
  default: 5,
  min: 0.5,
  max: 7.5,
  step: 0.1,
}
const steps: Parameter = { ...about, kind: 'integer', name: 'steps', default: 6, min: 1, max: 30, step: 1 }
const seed: Parameter = { ...about, kind: 'seed', name: 'seed', max: 1000 }
const prompt: Parameter = { ...about, kind: 'text', name: 'prompt', default: '', maxLength: 8 }
const shape: Parameter = {
  ...about,
  kind: 'choice',
  name: 'shape',
  default: 'square',
  choices: [{ value: 'square', label: 'Square' }],
}

test.each([
  [length, 5, ''],
  [length, 8, 'From 0.5 to 7.5.'],
  [length, '', 'A number from 0.5 to 7.5.'],
  [steps, 1.5, 'A whole number.'],
  [seed, undefined, ''],
  [seed, 1001, 'A whole number from 0 to 1000.'],
  [seed, -1, 'A whole number from 0 to 1000.'],
  [prompt, 'far too long', 'At most 8 characters.'],
  [shape, 'round', 'Not among the choices.'],
])('%o with %o: "%s"', (parameter, value, fault) => {
  expect(faultOf(parameter, value)).toBe(fault)
})

test('what a sentence says is kept within the limits; what no parameter takes is left out', () => {
  const said = {
    prompt: 'a knight dances',
    negative: ['text', 'hats'],
    durationS: 20,
    seed: 7,
    style: 'anime',
  }
  expect(valuesIn('a knight dances', said, [length, seed, prompt, steps])).toEqual({
    durationS: 7.5,
    seed: 7,
    prompt: 'a knight',
  })
  expect(valuesIn('', undefined, [length, prompt])).toEqual({})
  expect(valuesIn('x', { prompt: 'x', negative: [], durationS: 3.14 }, [length])).toEqual({ durationS: 3.1 })
  expect(valuesIn('x', { prompt: 'x', negative: [], seed: 5000 }, [seed])).toEqual({})
  const subject = { ...prompt, name: 'subject', default: 'person', maxLength: 80 }
  expect(valuesIn('x', { prompt: 'x', negative: [], subject: 'dog' }, [subject])).toEqual({ subject: 'dog' })
})

test('what was understood is said in words', () => {
  expect(
    understoodInWords({
      prompt: 'x',
      negative: ['text'],
      quality: 'high',
      swap: { from: 'man', to: 'robot' },
    }),
  ).toEqual(['High quality', 'man → robot', 'Without text'])
})

test('a thrown seed is one that is taken', () => {
  for (let i = 0; i < 100; i++) expect(faultOf(seed, randomSeed(1000))).toBe('')
})

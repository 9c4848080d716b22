import { expect, test } from 'vitest'
import { type Parameters, parametersIn } from './parameters'
import { languageOf, plainText } from './words'

function read(text: string): Parameters {
  const plain = plainText(text)
  return parametersIn(text, plain, languageOf(plain))
}

test.each<[string, Partial<Parameters>]>([
  ['swap the face for 5 seconds', { durationS: 5 }],
  ['a clip of ten seconds', { durationS: 10 }],
  ['a two-minute video', { durationS: 120 }],
  ['2.5s of dancing', { durationS: 2.5 }],
  ['un video de cinco segundos', { durationS: 5 }],
  ['medio video, 12 seg', { durationS: 12 }],
  ['swap 3 people', { durationS: undefined }],
  ['high quality please', { quality: 'high' }],
  ['just a quick draft', { quality: 'fast' }],
  ['en alta calidad', { quality: 'high' }],
  ['un borrador', { quality: 'fast' }],
  ['standard quality', { quality: 'standard' }],
  ['replace him', { quality: undefined, strength: undefined, seed: undefined, swap: undefined }],
  ['strength 70%', { strength: 0.7 }],
  ['strength of 0.4', { strength: 0.4 }],
  ['con fuerza del 80 %', { strength: 0.8 }],
  ['at 150% strength', { strength: 1 }],
  ['change him slightly', { strength: 0.35 }],
  ['seed 42', { seed: 42 }],
  ['semilla: 7', { seed: 7 }],
  ['in the style of van gogh', { style: 'van gogh' }],
  ['make it anime style', { style: 'anime' }],
  ['al estilo de ghibli', { style: 'ghibli' }],
  ['dance without hats, no text', { negative: ['hats', 'text'] }],
  ['sin gafas', { negative: ['gafas'] }],
  ['without changing the background', { negative: [] }],
  ['sin cambiar el fondo', { negative: [] }],
  ['swap the dog for a tiger', { swap: { from: 'dog', to: 'tiger' } }],
  ['replace the man with my character, keep the light', { swap: { from: 'man', to: 'character' } }],
  ['turn the car into a spaceship', { swap: { from: 'car', to: 'spaceship' } }],
  ['a knight instead of the runner', { swap: { from: 'runner', to: 'a knight' } }],
  ['cambia el perro por un tigre', { swap: { from: 'perro', to: 'tigre' } }],
  ['convierte a la mujer en un caballero', { swap: { from: 'mujer', to: 'caballero' } }],
  ['replace the woman in red with a robot', { subject: 'woman in red' }],
  ['replace him with a robot', { subject: undefined }],
  ['swap his face for mine', { subject: undefined }],
  ['cambia al perro por un tigre', { subject: undefined }],
])('%s', (text, wanted) => {
  expect(read(text)).toMatchObject(wanted)
})

test.each([
  ['Make my hero dance, 4 seconds, high quality', 'Make my hero dance'],
  ['High quality: a Knight in the snow, seed 42.', 'High quality: a Knight in the snow'],
  ['dance like him, without hats, please.', 'dance like him'],
  ['for ten seconds', 'for ten seconds'],
  ['Ponme en la Luna, en alta calidad, sin gafas', 'Ponme en la Luna'],
  ['He runs for 5 seconds, then he stops. Strength 70%.', 'He runs for 5 seconds, then he stops.'],
  ['', ''],
])('of %j the model is told %j', (text, prompt) => {
  expect(read(text).prompt).toBe(prompt)
})

test('the sentence goes to the model as it was typed', () => {
  expect(read('  Ponme en la Luna, ¡ya! ').prompt).toBe('Ponme en la Luna, ¡ya!')
})

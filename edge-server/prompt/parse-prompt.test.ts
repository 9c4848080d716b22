import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Given, parsePrompt } from './parse-prompt'
import { WORKFLOW_IDS, type WorkflowId } from './workflows'

const MEANINGS: Readonly<Record<string, WorkflowId>> = {
  pose: 'wan_vace_pose_transfer',
  motion: 'wan_vace_motion_transfer',
  mix: 'wan22_animate_mix',
  move: 'wan22_animate_move',
  r2v: 'wan_r2v_character',
  live: 'liveportrait_animate',
  face: 'face_swap_reactor',
  mask: 'sam2_mask',
  skel: 'dwpose_extract',
}
/** What people say, what they brought (i: a picture, v: a video), and what they mean; where two workflows do the same, both count. */
const SENTENCES = ['en', 'es'].flatMap((language) =>
  readFileSync(resolve(import.meta.dirname, `sentences.${language}.tsv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [brought, means, text] = line.split('\t') as [string, string, string]
      return { language, brought, means, text }
    }),
)
const given = (brought: string, mode?: Given['mode']): Given => ({
  images: brought.includes('i') ? 1 : 0,
  videos: brought.includes('v') ? 1 : 0,
  mode,
})
const first = (text: string, brought = 'iv', mode?: Given['mode']) =>
  parsePrompt(text, given(brought, mode)).choices[0].workflow

test('the table has what it claims: many sentences in both languages for each workflow', () => {
  expect(SENTENCES.length).toBeGreaterThanOrEqual(120)
  const spanish = SENTENCES.filter(({ language }) => language === 'es')
  expect(spanish.length).toBeGreaterThan(100)
  for (const meaning of Object.keys(MEANINGS)) {
    expect(SENTENCES.filter(({ means }) => means.split('|').includes(meaning)).length).toBeGreaterThan(2)
  }
})

test('at least 95 of 100 sentences lead to the workflow they mean, and count as understood', () => {
  const wrong = SENTENCES.flatMap(({ text, brought, means, language: wanted }) => {
    const { choices, understood, language } = parsePrompt(text, given(brought))
    const right = means.split('|').some((meaning) => MEANINGS[meaning] === choices[0].workflow)
    return right && understood && language === wanted
      ? []
      : [`${text} → ${choices[0].workflow}, not ${means}`]
  })
  expect(wrong.length / SENTENCES.length, wrong.join('\n')).toBeLessThanOrEqual(0.05)
})

test.each(['', 'hello', 'asdf qwer', 'what is the weather tomorrow', 'gracias', '12345', '🙂🙂'])(
  'says that it did not understand %j, and offers the nearest for what was brought',
  (text) => {
    const { understood, choices } = parsePrompt(text, given('v'))
    expect(understood).toBe(false)
    expect(choices.length).toBeGreaterThan(1)
    expect(choices[0].missing).toEqual([])
  },
)

test('the same sentence means other things with other files', () => {
  expect(first('make my character dance', 'iv')).toBe('wan22_animate_move')
  expect(first('make my character dance on the moon', 'i')).toBe('wan_r2v_character')
  expect(parsePrompt('swap the face', given('v')).choices[0].missing).toEqual(['image'])
  expect(parsePrompt('swap the face', given('')).choices[0].missing).toEqual(['image', 'video'])
})

test('the mode of the page decides where words do not', () => {
  expect(first('do it', 'iv', 'face')).toBe('face_swap_reactor')
  expect(first('do it', 'iv', 'motion')).toBe('wan22_animate_move')
  expect(first('swap the face', 'iv', 'motion')).toBe('face_swap_reactor')
})

test('gives its reasons in words, and shares that add up', () => {
  const { choices } = parsePrompt('Replace the man, keep the background', given('iv'))
  expect(choices[0].workflow).toBe('wan22_animate_mix')
  expect(choices[0].reasons).toEqual([
    'You said “replace”, “man”, “keep the background”.',
    'It fits what you added.',
  ])
  expect(choices.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1.01)
  expect(new Set(choices.map(({ workflow }) => workflow)).size).toBe(choices.length)
  for (const { workflow } of choices) expect(WORKFLOW_IDS).toContain(workflow)
})

test('is the same each time, whatever the case, accents and quotes', () => {
  expect(parsePrompt('CAMBIA LA CARA', given('iv')).choices).toEqual(
    parsePrompt('cambia la cara', given('iv')).choices,
  )
  expect(first('turn the dancer’s face into mine')).toBe(first("turn the dancer's face into mine"))
})

describe('hostile text', () => {
  test.each([
    ['one word without end', 'a'.repeat(2000)],
    ['the words of patterns, again and again', 'change the swap for turn into '.repeat(70)],
    ['spaces', ' '.repeat(2000)],
    ['control characters', 'swap\u0000 the\u202e face\u0007'],
    ['half a pair', 'swap \ud800 face'],
  ])('%s does not hold it up', (_, text) => {
    expect(parsePrompt(text, given('iv')).choices).toHaveLength(4)
  })
})

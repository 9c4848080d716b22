import { expect, test } from 'vitest'
import { explain, problem, wordsFor } from './errors'

test('a thrown problem is explained by its name, however it was thrown', () => {
  expect(explain(problem('NoFaceError')).title).toBe('No face was found in this picture')
  expect(explain(new DOMException('x', 'NotAllowedError')).title).toBe('The camera is blocked')
  expect(explain(new DOMException('x', 'QuotaExceededError')).text).toContain('What was there is kept')
})

test('old names of the same thing lead to the same words', () => {
  expect(wordsFor('TrackStartError')).toEqual(wordsFor('NotReadableError'))
})

test('an unknown error shows its own message, and never a name from the prototype', () => {
  expect(explain(new RangeError('the ladder is too short')).text).toBe('the ladder is too short')
  expect(explain('just text').text).toBe('just text')
  expect(wordsFor('constructor').title).toBe('Something unexpected happened')
})

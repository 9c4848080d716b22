import { expect, test } from 'vitest'
import { problem } from '../words/errors'
import { bytesInWords, cameraInWords } from './in-words'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1460, '1.46 kB'],
  [870_400, '870 kB'],
  [12_340_000, '12.3 MB'],
  [299_000_000_000, '299 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words)
})

test('the camera says what it is or what keeps it', () => {
  expect(cameraInWords({ name: 'off' }, 0)).toBe('Off, none seen yet')
  expect(cameraInWords({ name: 'failed', error: problem('NotReadableError') }, 1)).toBe(
    'The camera is in use',
  )
})

import { describe, expect, test } from 'vitest'
import { fileName } from './file-name'

describe('a file name', () => {
  test.each([
    ['Interview', 'video/mp4', 'Interview.mp4'],
    ['Interview', 'video/webm; codecs="vp09.00.10.08"', 'Interview.webm'],
    ['Already.mp4', 'video/mp4', 'Already.mp4'],
    ['Take 2: “AC/DC” <live>?', 'video/mp4', 'Take 2- “AC-DC” -live--.mp4'],
    ['..\\..\\secrets', 'image/png', '-..-secrets.png'],
    ['two\nlines', 'image/gif', 'two-lines.gif'],
    ['con', 'image/gif', '_con.gif'],
    ['LPT1.take', 'application/zip', '_LPT1.take.zip'],
    ['  . ', 'image/jpeg', 'Understudy.jpg'],
    ['Größe 😀', 'image/webp', 'Größe 😀.webp'],
    ['what', 'application/x-unknown', 'what.bin'],
  ])('of %j as %s is %j', (name, type, expected) => {
    expect(fileName(name, type)).toBe(expected)
  })

  test('is never too long for a file system', () => {
    for (const letter of ['x', 'ß', '😀']) {
      const name = fileName(letter.repeat(300), 'video/mp4')
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(204)
      expect(name).toMatch(new RegExp(`^${letter}+\\.mp4$`, 'u'))
    }
  })
})

import { expect, test } from 'vitest'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import { parseSettings } from './schema'

test.each([undefined, null, 7, 'x', [], {}])('%j becomes the defaults', (stored) => {
  const settings = parseSettings(stored)
  expect(settings.theme).toBe('dark')
  expect(settings.input).toBe('camera')
  const { split: _split, showMesh: _showMesh, ...remembered } = DEFAULT_LOOK
  expect(settings.look).toEqual(remembered)
})

test('a bad field falls back alone; the good ones beside it stay', () => {
  const settings = parseSettings({
    theme: 'light',
    size: '3x3',
    look: { opacity: 0.25, shape: 7, sharpness: Number.NaN, ownEyes: 'yes', badge: 'top-left' },
  })
  expect(settings.theme).toBe('light')
  expect(settings.size).toBe('auto')
  expect(settings.look.opacity).toBe(0.25)
  expect(settings.look.badge).toBe('top-left')
  expect(settings.look.shape).toBe(DEFAULT_LOOK.shape)
  expect(settings.look.sharpness).toBe(DEFAULT_LOOK.sharpness)
  expect(settings.look.ownEyes).toBe(DEFAULT_LOOK.ownEyes)
})

test('a look of the wrong kind falls back as a whole; unknown fields do not survive', () => {
  const settings = parseSettings({ look: 'sharp', theme: 'system', cookies: true })
  expect(settings.look.opacity).toBe(DEFAULT_LOOK.opacity)
  expect(settings.theme).toBe('system')
  expect(settings).not.toHaveProperty('cookies')
})

test('what is parsed parses to itself', () => {
  const once = parseSettings({ look: { mirror: false }, consentedAt: '2026-01-01T00:00:00.000Z' })
  expect(parseSettings(structuredClone(once))).toEqual(once)
})

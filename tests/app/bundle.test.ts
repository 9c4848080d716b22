/** What the page loads before it can show anything stays small: inference comes after. */
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { initialScripts } from '../initial-scripts'

const budgetKB = 120

test(`initial JavaScript is at most ${budgetKB} kB gzipped`, () => {
  const scripts = initialScripts(resolve(import.meta.dirname, '../../dist/web'))
  expect(scripts.length).toBeGreaterThan(0)
  const bytes = scripts.reduce((sum, { gzippedBytes }) => sum + gzippedBytes, 0)
  expect(bytes / 1000, JSON.stringify(scripts, null, 2)).toBeLessThanOrEqual(budgetKB)
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./app.css', import.meta.url), 'utf8')

/** Both values of a colour token: [light, dark]. A token with one value has it in both themes. */
function token(name: string): readonly [string, string] {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)
  if (pair) return [pair[1]!, pair[2]!]
  const single = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(css)
  if (!single) throw new Error(`There is no colour --${name}.`)
  return [single[1]!, single[1]!]
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

test('the ruler is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

const READ = 4.5 // WCAG 2.2 AA, text
const SEE = 3 // WCAG 2.2 AA, parts of controls

test.each([
  ...['ground', 'panel', 'raised', 'hover'].flatMap((ground) => [
    ['text', ground, READ] as const,
    ['muted', ground, READ] as const,
  ]),
  ['accent', 'panel', READ],
  ['accent', 'selected', READ],
  ['on-accent', 'accent', READ],
  ['danger', 'panel', READ],
  ['good', 'panel', READ],
  ['on-stage', 'stage', READ],
  ['on-stage-muted', 'stage', READ],
  ['control', 'panel', SEE],
  ['control', 'raised', SEE],
  ['accent', 'ground', SEE],
] as const)('--%s on --%s has a contrast of at least %f in both themes', (front, back, least) => {
  const [lightFront, darkFront] = token(front)
  const [lightBack, darkBack] = token(back)
  expect(contrast(lightFront, lightBack)).toBeGreaterThanOrEqual(least)
  expect(contrast(darkFront, darkBack)).toBeGreaterThanOrEqual(least)
})

import { expect, test } from 'vitest'
import { type Affine, applyX, applyY, compose, fitSimilarity, IDENTITY, invert, scaleOf } from './affine'

const move: Affine = [2, 1, -0.5, 1.5, 10, -20]
const turn: Affine = [0, 1, -1, 0, 3, 4] // a quarter turn: x becomes y

function expectClose(got: Affine, wanted: Affine): void {
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 9)
}

test('a point goes where the formula says', () => {
  expect([applyX(turn, 5, 7), applyY(turn, 5, 7)]).toEqual([-4, 9])
  expect([applyX(IDENTITY, 5, 7), applyY(IDENTITY, 5, 7)]).toEqual([5, 7])
})

test('compose does the first, then the second', () => {
  const both = compose(move, turn)
  const [x, y] = [applyX(move, 5, 7), applyY(move, 5, 7)]
  expect(applyX(both, 5, 7)).toBeCloseTo(applyX(turn, x, y), 9)
  expect(applyY(both, 5, 7)).toBeCloseTo(applyY(turn, x, y), 9)
  expectClose(compose(move, IDENTITY), move)
})

test('there and back again', () => {
  expectClose(compose(move, invert(move)), IDENTITY)
  expectClose(compose(invert(move), move), IDENTITY)
  expect(() => invert([1, 2, 2, 4, 0, 0])).toThrow(RangeError)
})

test('scale: what a unit square’s side becomes, mirrored or not', () => {
  expect(scaleOf([0, 3, -3, 0, 9, 9])).toBe(3)
  expect(scaleOf([-2, 0, 0, 2, 0, 0])).toBe(2)
})

test('a similarity is found again from its points, and is the best one where points disagree', () => {
  const wanted: Affine = [1.2, 0.5, -0.5, 1.2, -30, 40]
  const from = [0, 0, 10, 2, -3, 8, 7, 7]
  const to: number[] = []
  for (let i = 0; i < from.length; i += 2) {
    to.push(applyX(wanted, from[i]!, from[i + 1]!), applyY(wanted, from[i]!, from[i + 1]!))
  }
  expectClose(fitSimilarity(from, to), wanted)

  to[0]! += 1
  const error = (m: Affine): number => {
    let sum = 0
    for (let i = 0; i < from.length; i += 2) {
      sum += (applyX(m, from[i]!, from[i + 1]!) - to[i]!) ** 2
      sum += (applyY(m, from[i]!, from[i + 1]!) - to[i + 1]!) ** 2
    }
    return sum
  }
  const best = fitSimilarity(from, to)
  for (const [da, db, de, df] of [
    [0.01, 0, 0, 0],
    [0, 0.01, 0, 0],
    [0, 0, 0.05, 0],
    [0, 0, 0, 0.05],
  ] as const) {
    for (const sign of [1, -1]) {
      const [a, b, , , e, f] = best
      const near: Affine = [
        a + sign * da,
        b + sign * db,
        -b - sign * db,
        a + sign * da,
        e + sign * de,
        f + sign * df,
      ]
      expect(error(near)).toBeGreaterThan(error(best))
    }
  }
  expect(() => fitSimilarity([1, 1, 1, 1], [0, 0, 5, 5])).toThrow(RangeError)
})

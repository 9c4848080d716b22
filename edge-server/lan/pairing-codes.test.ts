import { expect, test } from 'vitest'
import { PairingCodes } from './pairing-codes'

let nowMs = 0
const open = () => new PairingCodes(() => nowMs)

test('a code has 128 random bits and works once', () => {
  const codes = open()
  const { code, endsMs } = codes.make()
  expect(Buffer.from(code, 'base64url')).toHaveLength(16)
  expect(codes.make().code).not.toBe(code)
  expect(endsMs).toBe(nowMs + 600_000)
  for (const wrong of ['', 'x', code.slice(1), `${code}=`, code.toLowerCase()])
    expect(codes.redeem(wrong)).toBe(false)
  expect([codes.redeem(code), codes.redeem(code)]).toEqual([true, false])
})

test('it ends after ten minutes', () => {
  const codes = open()
  const [first, second] = [codes.make(), codes.make()]
  nowMs += 599_999
  expect(codes.redeem(first.code)).toBe(true)
  nowMs += 1
  expect(codes.redeem(second.code)).toBe(false)
})

test('a new one leaves those of the last minutes alone, but not any number of them', () => {
  const codes = open()
  const made = [1, 2, 3, 4, 5].map(() => codes.make().code)
  expect(made.map((code) => codes.redeem(code))).toEqual([false, true, true, true, true])
})

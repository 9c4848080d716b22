import { expect, it } from 'vitest'
import { lengthBytesOf, parameterSets } from './avc-parameters'

const RECORD = [1, 100, 12, 11, 0xff, 0xe1, 0, 3, 103, 1, 2, 1, 0, 2, 104, 9, 0xfd, 0xf8, 0xf8, 0]

it('finds the sets of the sequence and of the pictures', () => {
  expect([...parameterSets(Uint8Array.from(RECORD))!]).toEqual([0, 0, 0, 3, 103, 1, 2, 0, 0, 0, 2, 104, 9])
  expect(lengthBytesOf(Uint8Array.from(RECORD))).toBe(4)
})

it('writes lengths as long as the packets do', () => {
  const record = Uint8Array.from(RECORD)
  record[4] = 0xfd
  expect([...parameterSets(record)!]).toEqual([0, 3, 103, 1, 2, 0, 2, 104, 9])
})

it('finds none in what is no such record', () => {
  expect(parameterSets(new Uint8Array())).toBeUndefined()
  expect(parameterSets(Uint8Array.from([0, 0, 0, 1, 103, 1, 2, 3]))).toBeUndefined()
  expect(parameterSets(Uint8Array.from(RECORD.slice(0, 10)))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { counted, ShortError } from './counted'

const bytes = (...sizes: number[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const size of sizes) controller.enqueue(new Uint8Array(size))
      controller.close()
    },
  })
const read = async (stream: ReadableStream<Uint8Array>) =>
  (await new Response(stream).arrayBuffer()).byteLength

test('bytes that are as many as announced pass', async () => {
  expect(await read(counted().of(bytes(3, 4), 7))).toBe(7)
  expect(await read(counted().of(bytes(), 0))).toBe(0)
  expect(await read(counted().of(bytes(5), undefined))).toBe(5)
})

test.each([6, 8])('7 bytes where %i were announced are no file', async (announced) => {
  const download = counted()
  await expect(read(download.of(bytes(3, 4), announced))).rejects.toThrow()
  expect(download.error).toBeInstanceOf(ShortError)
})

test('an error of the download is known as one', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('reset')) })
  const download = counted()
  await expect(read(download.of(broken, 7))).rejects.toThrow()
  expect(download.error).toMatchObject({ message: 'reset' })
})

test('whoever stops reading stops the download', async () => {
  let reason: unknown
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: (why) => {
      reason = why
    },
  })
  const stream = counted().of(endless, undefined)
  const reader = stream.getReader()
  await reader.read()
  await reader.cancel('enough')
  expect(reason).toBe('enough')
})

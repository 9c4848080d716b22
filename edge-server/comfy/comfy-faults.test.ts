/** What a client makes of a box in trouble. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { malformedJson, serverError, type Trouble, wrongShape, wrongType } from '../../tests/comfy/faults'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import type { Comfy, Graph, PromptEvent } from './comfy'
import { openComfy } from './open-comfy'

const { signal } = new AbortController()
const limits = {
  answerMs: 10_000,
  stallMs: 10_000,
  quietMs: 300,
  jsonBytes: 1024 * 1024,
  frameBytes: 64 * 1024,
}
// For those that never answer.
const hasty = { ...limits, answerMs: 300, stallMs: 300 }
const file = { filename: 'long.mp4', subfolder: '', type: 'output' } as const

let box: StandIn
let comfy: Comfy
beforeEach(async () => {
  box = await startStandIn({ videoBytes: 3_000_000 })
  comfy = openComfy({ name: 'studio', url: box.url }, limits)
})
afterEach(async () => {
  await comfy.close()
  await box.close()
})

const bad: readonly [string, Trouble, string][] = [
  ['hangs', { kind: 'hang' }, 'BoxUnreachableError'],
  ['breaks the connection', { kind: 'drop' }, 'BoxUnreachableError'],
  ['answers malformed JSON', malformedJson, 'BoxAnswerError'],
  ['answers JSON of another shape', wrongShape, 'BoxAnswerError'],
  ['answers a page', wrongType, 'BoxAnswerError'],
  ['answers 502', serverError, 'BoxAnswerError'],
  [
    'answers without end',
    { kind: 'answer', status: 200, type: 'application/json', body: `"${'a'.repeat(2_000_000)}"` },
    'BoxAnswerError',
  ],
]

test.each(bad)('a box that %s', async (_, trouble, name) => {
  box.fault({ on: '', trouble })
  if (trouble.kind === 'hang') {
    await comfy.close()
    comfy = openComfy({ name: 'studio', url: box.url }, hasty)
  }
  const id = randomUUID()
  const expected = { name, message: expect.stringMatching(/studio/) }
  await expect(comfy.load(signal)).rejects.toMatchObject(expected)
  await expect(comfy.version(signal)).rejects.toMatchObject(expected)
  await expect(comfy.whereabouts(id, signal)).rejects.toMatchObject(expected)
  await expect(comfy.submit(graph(), id, signal)).rejects.toMatchObject(expected)
  await expect(comfy.cancel(id, signal)).rejects.toMatchObject(expected)
  await expect(comfy.upload(outgoing(10), signal)).rejects.toMatchObject(expected)
  // An answer of another shape is still a file.
  if (trouble.kind !== 'answer' || trouble.status !== 200) {
    await expect(comfy.download(file, signal)).rejects.toMatchObject(expected)
  }
  expect(box.ran).toEqual([])
})

test('a box that is not there, and one that cannot be found', async () => {
  await box.kill()
  await expect(comfy.load(signal)).rejects.toMatchObject({
    name: 'BoxUnreachableError',
    message: /is not running/,
  })
  const lost = openComfy({ name: 'lost', url: 'http://no-such-box.invalid:8188' })
  await expect(lost.load(signal)).rejects.toMatchObject({
    name: 'BoxUnreachableError',
    message: expect.not.stringContaining('invalid'),
  })
  await lost.close()
})

test('a box that dies while a file goes up, and one that stops reading', async () => {
  box.fault({ on: 'POST /upload', trouble: { kind: 'drop', afterRequestBytes: 500_000 }, times: 1 })
  await expect(comfy.upload(outgoing(20_000_000), signal)).rejects.toMatchObject({
    name: 'BoxUnreachableError',
  })
  box.fault({ on: 'POST /upload', trouble: { kind: 'hang' }, times: 1 })
  const impatient = openComfy({ name: 'studio', url: box.url }, hasty)
  await expect(impatient.upload(outgoing(1000), signal)).rejects.toMatchObject({
    name: 'BoxUnreachableError',
  })
  await impatient.close()
  expect(await comfy.upload(outgoing(20_000_000), signal)).toBe('understudy/clip.mp4')
  expect(box.files.named('understudy/clip.mp4')?.bytes).toBe(20_000_000)
})

test('what is wrong with the file itself is no fault of the box', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('disk')) })
  await expect(comfy.upload({ ...outgoing(100), open: () => broken }, signal)).rejects.toThrow('disk')
})

test('a file that is too large for the box is not even sent (12_uploads)', async () => {
  const refused = comfy.upload(outgoing(101 * 1024 * 1024), signal)
  await expect(refused).rejects.toMatchObject({
    name: 'BoxRefusedError',
    message: /101 MB.*at most 100 MB.*--max-upload-size/,
  })
  // As aiohttp says it, where /features told of more than there is.
  const body = 'Maximum request body size 104857600 exceeded.'
  const tooLarge: Trouble = { kind: 'answer', status: 413, type: 'text/plain; charset=utf-8', body }
  box.fault({ on: 'POST /upload', trouble: tooLarge })
  await expect(comfy.upload(outgoing(1000), signal)).rejects.toMatchObject({ name: 'BoxRefusedError' })
})

test('a prompt whose answer was lost is found, and was taken once', async () => {
  box.fault({ on: 'POST /prompt', trouble: { kind: 'lose-answer' }, times: 1 })
  const id = randomUUID()
  await expect(comfy.submit(graph(), id, signal)).rejects.toMatchObject({ name: 'BoxUnreachableError' })
  expect(await comfy.follow(id, () => {}, { patienceMs: 5000, signal })).toMatchObject({ name: 'ended' })
  expect(box.ran.map((ran) => ran.id)).toEqual([id])
})

const disturbances: readonly [string, (box: StandIn) => void, { reconnects: boolean }][] = [
  ['drops its sockets', (box) => box.dropSockets(), { reconnects: true }],
  ['forgets its sockets', (box) => box.silenceSockets(), { reconnects: true }],
  ['sends a huge frame', (box) => box.sendRaw(Buffer.alloc(1_000_000, 32)), { reconnects: true }],
  [
    'sends what it never sends',
    (box) => {
      box.sendRaw('{"type": 7')
      box.sendRaw(Buffer.from('000000040000ffff00', 'hex'))
      box.sendRaw(Buffer.from([1]))
      box.sendRaw('{"type":"progress","data":{"node":"1","value":-1,"max":0}}')
    },
    { reconnects: false },
  ],
]
test.each(disturbances)('a prompt is followed while its box %s', async (_, disturb, { reconnects }) => {
  const held = box.hold()
  const id = randomUUID()
  const nodes: string[] = []
  const hear = (event: PromptEvent) => {
    if (event.kind === 'node') nodes.push(event.nodeId)
  }
  await comfy.submit(graph(), id, signal)
  const end = comfy.follow(id, hear, { patienceMs: 5000, signal })
  await expect.poll(() => nodes).toContain('1')
  const before = nodes.length
  disturb(box)
  // 09_ws_reconnect: the new socket is told the node once more, without the prompt's id.
  if (reconnects) await expect.poll(() => nodes.length).toBeGreaterThan(before)
  held.release()
  expect(await end).toMatchObject({ name: 'ended', outcome: { name: 'succeeded' } })
  expect(nodes.slice(-2)).toEqual(['2', '3'])
  expect(box.ran).toHaveLength(1)
})

test('a prompt is followed without any socket', async () => {
  box.fault({ on: 'GET /ws', trouble: { kind: 'drop' } })
  const id = randomUUID()
  await comfy.submit(graph(), id, signal)
  const end = await comfy.follow(id, () => {}, { patienceMs: 5000, signal })
  expect(end).toMatchObject({ name: 'ended', outcome: { name: 'succeeded' } })
})

test('a prompt is lost where its box was started again (13_server_killed)', async () => {
  box.hold()
  const id = randomUUID()
  await comfy.submit(graph(), id, signal)
  const end = comfy.follow(id, () => {}, { patienceMs: 10_000, signal })
  await box.kill()
  await box.restart()
  expect(await end).toEqual({ name: 'unknown' })
})

test('patience with a box that died has an end, and so has following', async () => {
  box.hold()
  const id = randomUUID()
  await comfy.submit(graph(), id, signal)
  const ending = new AbortController()
  const ended = comfy.follow(id, () => {}, { patienceMs: 60_000, signal: ending.signal })
  const end = comfy.follow(id, () => {}, { patienceMs: 700, signal })
  const rejected = expect(end).rejects.toMatchObject({ name: 'BoxUnreachableError' })
  await box.kill()
  await rejected
  ending.abort(new Error('enough'))
  await expect(ended).rejects.toThrow('enough')
})

test('a download that breaks goes on where it broke', async () => {
  await made()
  box.fault({ on: 'GET /view', trouble: { kind: 'break', afterBytes: 1_000_001 }, times: 1 })
  box.fault({ on: 'GET /view', trouble: { kind: 'break', afterBytes: 500_003 }, times: 1 })
  const { stream, bytes } = await comfy.download(file, signal)
  const here = await buffer(stream)
  expect(bytes).toBe(3_000_000)
  const there = Buffer.concat([...box.files.find(file)!.read(0, 3_000_000)])
  expect(here.equals(there)).toBe(true)
})

test('a download that only ever breaks ends, and so does one that nobody wants', async () => {
  await made()
  const { stream } = await comfy.download(file, signal)
  const reader = stream.getReader()
  await reader.read()
  await reader.cancel()
  box.fault({ on: 'GET /view', trouble: { kind: 'break', afterBytes: 100_000 }, times: 1 })
  const { stream: broken } = await comfy.download(file, signal)
  box.fault({ on: 'GET /view', trouble: { kind: 'drop' } })
  await expect(buffer(broken)).rejects.toMatchObject({ name: 'BoxUnreachableError' })
})

test('every call ends when it is told to', async () => {
  box.fault({ on: '', trouble: { kind: 'hang' } })
  const slow = openComfy({ name: 'slow', url: box.url })
  const calls = [
    (stop: AbortSignal) => slow.load(stop),
    (stop: AbortSignal) => slow.submit(graph(), randomUUID(), stop),
    (stop: AbortSignal) => slow.upload(outgoing(10), stop),
    (stop: AbortSignal) => slow.download(file, stop),
    (stop: AbortSignal) => slow.cancel(randomUUID(), stop),
    (stop: AbortSignal) => slow.follow(randomUUID(), () => {}, { patienceMs: 60_000, signal: stop }),
  ]
  for (const call of calls) {
    const stopping = new AbortController()
    const rejected = expect(call(stopping.signal)).rejects.toThrow('enough')
    stopping.abort(new Error('enough'))
    await rejected
  }
  await slow.close()
})

test('credentials go into a header, nowhere else; nothing of a browser goes out', async () => {
  const seen: { url: string | undefined; headers: IncomingHttpHeaders }[] = []
  const server = createServer(({ url, headers }, response) => {
    seen.push({ url, headers })
    response.writeHead(401).end()
  })
  server.on('upgrade', ({ url, headers }, socket) => {
    seen.push({ url, headers })
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const secret = openComfy({ name: 'secret', url: `http://ann:p%40ss@127.0.0.1:${port}/comfy/` }, limits)
  const error = await secret.submit(graph(), randomUUID(), signal).catch((error: unknown) => error)
  expect(error).toMatchObject({ name: 'BoxAnswerError', message: /does not let us in/ })
  expect(String(error)).not.toMatch(/ann|p@ss|p%40ss|127\.0/)
  expect(seen.length).toBeGreaterThan(1)
  for (const { url, headers } of seen) {
    expect(url).toMatch(/^\/comfy\/(ws\?clientId=[\w-]+|prompt)$/)
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`)
    expect(
      Object.keys(headers).filter((name) => /^(origin|referer|cookie|sec-fetch-.*)$/.test(name)),
    ).toEqual([])
  }
  await secret.close()
  server.close()
})

async function made(): Promise<void> {
  const id = randomUUID()
  await comfy.submit(graph(), id, signal)
  await comfy.follow(id, () => {}, { patienceMs: 5000, signal })
  const content = box.files.find({ ...file, filename: 'a_00001_.mp4' })
  box.files.put(file, content!)
}

function graph(): Graph {
  return {
    1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 1 } },
    2: { class_type: 'CreateVideo', inputs: { images: ['1', 0], fps: 16 } },
    3: {
      class_type: 'SaveVideo',
      inputs: { video: ['2', 0], filename_prefix: 'a', format: 'auto', codec: 'auto' },
    },
  }
}

function outgoing(bytes: number) {
  const piece = new Uint8Array(64 * 1024)
  return {
    name: 'clip.mp4',
    bytes,
    type: 'video/mp4',
    open: () => {
      let left = bytes
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          const part = piece.subarray(0, Math.min(left, piece.length))
          left -= part.length
          if (part.length > 0) controller.enqueue(part)
          if (left === 0) controller.close()
        },
      })
    },
  }
}

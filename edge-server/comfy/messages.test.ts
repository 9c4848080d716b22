import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { parseBinary, parseMessage } from './messages'

const shared = inject('shared')

test('binary messages are pictures of two kinds, or nothing (10_previews)', () => {
  const jpeg = Buffer.from('ffd8ffe0', 'hex')
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  const about = Buffer.from('{"prompt_id":"p","image_type":"image/jpeg"}')
  const event = (kind: number, second: number, ...rest: Buffer[]) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(kind, 0)
    head.writeUInt32BE(second, 4)
    return Buffer.concat([head, ...rest])
  }
  expect(parseBinary(event(1, 1, jpeg))).toEqual({
    promptId: undefined,
    event: { kind: 'preview', type: 'image/jpeg', bytes: jpeg },
  })
  expect(parseBinary(event(1, 2, png))?.event).toMatchObject({ type: 'image/png' })
  expect(parseBinary(event(4, about.length, about, jpeg))).toMatchObject({
    promptId: 'p',
    event: { type: 'image/jpeg', bytes: jpeg },
  })
  expect(parseBinary(event(1, 1, Buffer.from('<svg>')))).toBeUndefined() // neither, whatever it says
  expect(parseBinary(event(3, 0, Buffer.from('text')))).toBeUndefined()
  expect(parseBinary(event(4, 4_000_000_000, about))).toBeUndefined()
  expect(parseBinary(Buffer.alloc(7))).toBeUndefined()
  expect(() => parseBinary(event(4, 3, Buffer.from('{"a'), jpeg))).toThrow()
})

test('text that no box says is refused, and what does not matter is passed over', () => {
  for (const text of [
    '',
    '7',
    '[]',
    '{"type":1,"data":{}}',
    '{"type":"progress","data":{"value":"1","max":2}}',
    '{"type":"execution_start","data":{}}',
  ]) {
    expect(() => parseMessage(text), text).toThrow()
  }
  expect(parseMessage('{"type":"crystools.monitor","data":{"cpu":3}}')).toBeUndefined()
  // 09_ws_reconnect: the node alone
  expect(parseMessage('{"type":"executing","data":{"node":"2"}}')).toEqual({
    promptId: undefined,
    event: { kind: 'node', nodeId: '2' },
  })
})

describe.runIf(shared).each(['0.26.0', '0.3.64'])('recorded from %s', (version) => {
  test('every message is understood', () => {
    const folder = join(shared, 'comfyui/transcripts', version)
    const kinds = new Map<string, number>()
    for (const file of readdirSync(folder)) {
      for (const line of readFileSync(join(folder, file), 'utf8').trim().split('\n')) {
        const entry = JSON.parse(line)
        if (entry.dir !== 'ws' || !entry.data?.type) continue
        const kind = parseMessage(JSON.stringify(entry.data))?.event.kind ?? 'nothing'
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    }
    for (const kind of ['started', 'cached', 'node', 'progress', 'ended', 'nothing'])
      expect(kinds.get(kind), kind).toBeGreaterThan(20)
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, inject, test } from 'vitest'
import { History } from './answers'
import { outcomeOf } from './outcome'

const shared = inject('shared')
const succeeded = { status_str: 'success', completed: true, messages: [] }

test('files are found under whatever key, and nothing else is', () => {
  const file = { filename: 'a.mp4', subfolder: 't', type: 'output' } as const
  const outputs = {
    5: { images: [file], animated: [true] },
    7: { gifs: [{ ...file, format: 'video/h264-mp4', fullpath: '/srv/a.mp4' }] },
    8: {
      text: ['a'],
      openpose_json: ['{}'],
      images: [{ filename: 'b.png', type: 'elsewhere' }, null, 3],
      odd: 'x',
    },
    9: null,
  }
  expect(outcomeOf({ outputs, status: succeeded })).toEqual({
    name: 'succeeded',
    outputs: [
      { nodeId: '5', file },
      { nodeId: '7', file },
    ],
  })
})

test('an interrupt is no failure, although the status says so (07_interrupt_running)', () => {
  const status = {
    status_str: 'error',
    completed: false,
    messages: [['execution_interrupted', { node_id: '2' }]],
  }
  expect(outcomeOf({ outputs: {}, status })).toEqual({ name: 'interrupted' })
})

test('a failure is told without what is the box’s own', () => {
  const error = {
    node_type: 'LoadVideo',
    exception_message: "bad '/srv/x/a.mp4'\n",
    traceback: ['File "/srv/x.py"'],
  }
  const status = { status_str: 'error', completed: false, messages: [['execution_error', error]] }
  expect(outcomeOf({ outputs: {}, status })).toEqual({
    name: 'failed',
    nodeType: 'LoadVideo',
    message: "bad 'a.mp4'",
  })
  const silent = { status_str: 'error', completed: false, messages: [7, [], ['execution_error', 'odd']] }
  expect(outcomeOf({ outputs: {}, status: silent })).toEqual({
    name: 'failed',
    nodeType: 'unknown',
    message: '',
  })
})

describe.runIf(shared).each(['0.26.0', '0.3.64'])('recorded from %s', (version) => {
  test('every history is understood', () => {
    const folder = join(shared, 'comfyui/transcripts', version)
    const outcomes: string[] = []
    for (const name of readdirSync(folder)) {
      for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
        const { dir, path, json } = JSON.parse(line)
        if (
          dir !== 'http-res' ||
          !path?.startsWith('/history') ||
          typeof json !== 'object' ||
          '__truncated__' in json
        )
          continue
        for (const entry of Object.values(v.parse(History, json))) outcomes.push(outcomeOf(entry).name)
      }
    }
    expect(new Set(outcomes)).toEqual(new Set(['succeeded', 'failed', 'interrupted']))
  })
})

import { expect, test } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { loadWeights } from '../inference/weights'
import { connect } from '../rpc/connect'
import type { DemoHeadApi } from './demo-head.worker'
import { DEMO_OPTIONS, demoFrames } from './demo-source'

const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))

test('frames come in step with the clock and the reader may be slow', async () => {
  const life = new AbortController()
  const reader = demoFrames(canonical, DEMO_OPTIONS, life.signal).getReader()
  const times: number[] = []
  for (let i = 0; i < 6; i++) {
    if (i === 3) await new Promise((resolve) => setTimeout(resolve, 400)) // frames are missed, not queued
    const { value } = await reader.read()
    times.push(value!.timestamp)
    expect([value!.codedWidth, value!.codedHeight]).toEqual([640, 480])
    value!.close()
  }
  const gaps = times.slice(1).map((time, i) => (time - times[i]!) / 1000)
  for (const gap of gaps)
    expect(Math.abs(gap / (1000 / 30) - Math.round(gap / (1000 / 30)))).toBeLessThan(0.01)
  expect(gaps[2]).toBeGreaterThan(390)
  life.abort()
  expect(await reader.read()).toEqual({ done: true, value: undefined })
})

test('cancelling stops it, also while a frame is being waited for', async () => {
  const life = new AbortController()
  const reader = demoFrames(canonical, DEMO_OPTIONS, life.signal).getReader()
  const waiting = reader.read()
  await reader.cancel()
  expect((await waiting).value).toBeUndefined()
  life.abort() // nothing is left to end: nothing throws
  const ended = demoFrames(canonical, DEMO_OPTIONS, life.signal).getReader()
  expect((await ended.read()).done).toBe(true)
})

test('the thread plays on a port and shows its characters', async () => {
  using connection = connect<DemoHeadApi>(
    new Worker(new URL('./demo-head.worker.ts', import.meta.url), { type: 'module' }),
  )
  const portraits = await connection.api.portraits()
  expect(portraits.map(({ name }) => name)).toEqual(['Vera', 'Amara', 'Anton'])
  for (const { image } of portraits) {
    expect(image.width).toBe(640)
    image.close()
  }
  const { port1, port2 } = new MessageChannel()
  const frames: VideoFrame[] = []
  const third = new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<VideoFrame>) => {
      frames.push(data)
      data.close()
      if (frames.length === 3) resolve()
      else port1.postMessage('more')
    }
  })
  const { transfer } = await import('comlink')
  await connection.api.play(transfer(port2, [port2]))
  await third
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(frames).toHaveLength(3) // none that was not asked for
  port1.postMessage(null)
  port1.close()
})

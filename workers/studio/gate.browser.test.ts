import { expect, it } from 'vitest'
import { Gate, pump } from './gate'

const frameAt = (timestampUs: number) =>
  new VideoFrame(new Uint8Array(16), {
    format: 'RGBA',
    codedWidth: 2,
    codedHeight: 2,
    timestamp: timestampUs,
  })

it('keeps the newest frame, closes what it passes over and counts it', async () => {
  using gate = new Gate()
  const frames = [1, 2, 3].map(frameAt)
  for (const frame of frames) gate.offer(frame)
  expect(gate.dropped).toBe(2)
  expect(frames.map((frame) => frame.format)).toEqual([null, null, 'RGBA'])
  const next = await gate.next()
  expect(next?.frame.timestamp).toBe(3)
  next?.frame.close()
})

it('wakes a waiting reader, and tells it the end', async () => {
  using gate = new Gate()
  const waiting = gate.next()
  gate.offer(frameAt(7))
  const frame = await waiting
  expect(frame?.frame.timestamp).toBe(7)
  frame?.frame.close()
  const last = gate.next()
  gate.end()
  expect(await last).toBeUndefined()
})

it('reads a stream to its end, and stops it when aborted', async () => {
  using gate = new Gate()
  const life = new AbortController()
  let cancelled = false
  const stream = new ReadableStream<VideoFrame>({
    start: (controller) => controller.enqueue(frameAt(1)),
    cancel: () => {
      cancelled = true
    },
  })
  const done = pump(stream, gate, life.signal)
  const frame = await gate.next()
  frame?.frame.close()
  life.abort()
  await done
  expect(cancelled).toBe(true)
  expect(await gate.next()).toBeUndefined()
})

it('asks a port for more only when a frame has arrived', async () => {
  using gate = new Gate()
  const { port1, port2 } = new MessageChannel()
  const asked: unknown[] = []
  port1.onmessage = ({ data }) => asked.push(data)
  const done = pump(port2, gate, new AbortController().signal)
  const frame = frameAt(5)
  port1.postMessage(frame, [frame as unknown as Transferable])
  const arrived = await gate.next()
  expect(arrived?.frame.timestamp).toBe(5)
  arrived?.frame.close()
  port1.postMessage(null)
  await done
  expect(asked).toEqual(['more'])
  port1.close()
})

it('closes a frame that arrives after the abort', async () => {
  using gate = new Gate()
  const { port1, port2 } = new MessageChannel()
  const life = new AbortController()
  const done = pump(port2, gate, life.signal)
  life.abort()
  await done
  const offered: VideoFrame[] = []
  const offer = gate.offer.bind(gate)
  gate.offer = (frame) => {
    offered.push(frame)
    offer(frame)
  }
  const frame = frameAt(9)
  port1.postMessage(frame, [frame as unknown as Transferable])
  await expect.poll(() => offered.length).toBe(1)
  expect(offered[0]?.format).toBe(null)
  port1.postMessage(null)
  port1.close()
})

import { afterEach, expect, test } from 'vitest'
import { malformedJson } from '../../tests/comfy/faults'
import { type StandIn, type StandInOptions, startStandIn } from '../../tests/comfy/stand-in'
import type { Boxes } from './boxes'
import { openBoxes } from './open-boxes'

const { signal } = new AbortController()
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function start(options?: StandInOptions): Promise<StandIn> {
  const box = await startStandIn(options)
  opened.push(box)
  return box
}

function watch(boxes: readonly StandIn[], concurrency = 2): Boxes {
  const configs = boxes.map(({ url }, i) => ({ name: `box-${i + 1}`, url, concurrency }))
  const watched = openBoxes(configs, { healthMs: 40 })
  opened.push(watched)
  return watched
}

const anything = () => true
const healthOf = (boxes: Boxes) => boxes.list.map(({ health }) => health.name)

test('without boxes, or with none that answers, there is none', async () => {
  expect(watch([]).choose(anything)).toEqual({ name: 'none' })
  const box = await start()
  await box.kill()
  const boxes = watch([box])
  expect(boxes.choose(anything)).toEqual({ name: 'none' })
  await expect
    .poll(() => boxes.list[0]!.health)
    .toMatchObject({
      name: 'down',
      reason: 'The box “box-1” is not running.',
      sinceMs: expect.any(Number),
      nextTryMs: expect.any(Number),
    })
  expect(boxes.choose(anything)).toEqual({ name: 'none' })
})

test('places go to the least loaded, until all are taken; one that is given back is told', async () => {
  const boxes = watch([await start(), await start(), await start()])
  await boxes.refresh(signal)
  expect(healthOf(boxes)).toEqual(['up', 'up', 'up'])
  const places = Array.from({ length: 6 }, () => boxes.choose(anything)).flatMap((choice) =>
    choice.name === 'place' ? [choice.place] : [],
  )
  expect(
    places
      .slice(0, 3)
      .map(({ comfy }) => comfy.name)
      .sort(),
  ).toEqual(['box-1', 'box-2', 'box-3'])
  expect(boxes.list.map(({ taken }) => taken)).toEqual([2, 2, 2])
  expect(boxes.choose(anything)).toEqual({ name: 'busy' })
  let told = 0
  using _watching = boxes.watch(() => told++)
  const [first] = places
  first![Symbol.dispose]()
  first![Symbol.dispose]() // twice is once
  expect(told).toBe(1)
  expect(boxes.choose(anything)).toMatchObject({
    name: 'place',
    place: { comfy: { name: first!.comfy.name } },
  })
  expect(boxes.choose(anything)).toEqual({ name: 'busy' })
})

test('what others have on a box counts', async () => {
  const [busy, idle] = [await start(), await start()]
  busy.hold()
  const prompt = {
    1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 1 } },
    2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
  }
  for (let i = 0; i < 3; i++) {
    await fetch(`${busy.url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt }) })
  }
  const boxes = watch([busy, idle])
  await boxes.refresh(signal)
  expect(boxes.list.map(({ load }) => load)).toEqual([3, 0])
  const names = [boxes.choose(anything), boxes.choose(anything), boxes.choose(anything)].map((choice) =>
    choice.name === 'place' ? choice.place.comfy.name : choice.name,
  )
  expect(names).toEqual(['box-2', 'box-2', 'box-1'])
})

test('only a box that can run it is chosen, and what is new on one is seen', async () => {
  const [one, other] = [await start(), await start()]
  one.hide({ nodes: ['KSampler'] })
  const boxes = watch([one, other])
  await boxes.refresh(signal)
  const canSample = (nodes: ReadonlyMap<string, unknown>) => nodes.has('KSampler')
  expect(boxes.choose(canSample)).toMatchObject({ name: 'place', place: { comfy: { name: 'box-2' } } })
  expect(boxes.choose(() => false)).toEqual({ name: 'unfit' })
  other.hide({ nodes: ['KSampler'] })
  one.show()
  await boxes.refresh(signal)
  expect(boxes.choose(canSample)).toMatchObject({ name: 'place', place: { comfy: { name: 'box-1' } } })
})

test('a box that goes is seen, and one that comes back with what it has now', async () => {
  const box = await start()
  const boxes = watch([box])
  await boxes.refresh(signal)
  const place = boxes.at('box-1')
  let told = 0
  using _watching = boxes.watch(() => told++)
  await box.kill()
  boxes.suspect('box-1')
  await expect.poll(() => healthOf(boxes)).toEqual(['down'])
  expect(boxes.at('box-1')?.objectInfo.has('KSampler')).toBe(true) // where a prompt is, it is looked for
  expect(boxes.at('nobody')).toBeUndefined()
  box.hide({ nodes: ['KSampler'] })
  await box.restart()
  await expect.poll(() => healthOf(boxes)).toEqual(['up'])
  expect(boxes.at('box-1')?.objectInfo.has('KSampler')).toBe(false)
  expect(place?.objectInfo.has('KSampler')).toBe(true) // as it was when it was taken
  expect(told).toBeGreaterThanOrEqual(2)
})

test('a box that answers nonsense is down, and asked ever more seldom', async () => {
  const box = await start()
  box.fault({ on: '', trouble: malformedJson })
  const boxes = watch([box])
  await expect.poll(() => healthOf(boxes)).toEqual(['down'])
  const waits = new Set<number>()
  await expect
    .poll(() => {
      const { health } = boxes.list[0]!
      if (health.name === 'down') waits.add(health.nextTryMs - Date.now())
      return Math.max(...waits)
    })
    .toBeGreaterThan(150) // it began with 40
  box.clearFaults()
  boxes.suspect('box-1')
  await expect.poll(() => healthOf(boxes)).toEqual(['up'])
})

test('refreshing ends when it is told to; closing ends all', async () => {
  const box = await start()
  box.fault({ on: '', trouble: { kind: 'hang' } })
  const boxes = watch([box])
  const stopping = new AbortController()
  const rejected = expect(boxes.refresh(stopping.signal)).rejects.toThrow('enough')
  stopping.abort(new Error('enough'))
  await rejected
  await boxes.close()
  expect(box.sockets).toBe(0)
})

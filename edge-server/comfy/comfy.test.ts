/** What a client promises, on stand-ins of two versions and, where COMFYUI_TEST_URL names one, on a real box. Core nodes only. */
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyJpeg, tinyPng } from '../../tests/comfy/pictures'
import { startStandIn } from '../../tests/comfy/stand-in'
import type { Comfy, Graph, Outcome, PromptEvent } from './comfy'
import { RefusedError } from './comfy'
import { openComfy } from './open-comfy'

const realUrl = process.env.COMFYUI_TEST_URL
const targets = [
  { name: 'stand-in 0.26.0', open: () => startStandIn({ version: '0.26.0', nodeMs: 20 }) },
  { name: 'stand-in 0.3.64', open: () => startStandIn({ version: '0.3.64', nodeMs: 20 }) },
  ...(realUrl ? [{ name: 'a real box', open: async () => ({ url: realUrl, close: async () => {} }) }] : []),
]

const { signal } = new AbortController()
const patient = { patienceMs: 10_000, signal }

describe.each(targets)('$name', ({ open }) => {
  let box: Awaited<ReturnType<typeof open>>
  let comfy: Comfy
  beforeAll(async () => {
    box = await open()
    comfy = openComfy({ name: 'studio', url: box.url })
  })
  afterAll(async () => {
    await comfy.close()
    await box.close()
  })

  test('tells its version, its load and its nodes', async () => {
    expect(await comfy.version(signal)).toMatch(/^\d+\.\d+/)
    expect(await comfy.load(signal)).toBe(0)
    const nodes = await comfy.objectInfo(signal)
    expect(nodes.get('SaveImage')?.isOutput).toBe(true)
    expect(nodes.get('EmptyImage')?.inputs.get('width')).toMatchObject({
      type: 'INT',
      required: true,
      min: 1,
      max: 16384,
    })
    expect(nodes.get('ImageScale')?.inputs.get('upscale_method')).toMatchObject({
      type: 'COMBO',
      choices: expect.arrayContaining(['bilinear', 'lanczos']),
    })
    expect(nodes.get('SaveVideo')?.inputs.get('format')?.choices).toContain('mp4')
  })

  test('runs a picture from the upload to the download', async () => {
    const image = await comfy.upload(png(`${randomUUID()}.png`), signal)
    const events: PromptEvent[] = []
    const outcome = await run({ ...invert(image), 3: save(['2', 0]) }, events)
    expect(outcome).toMatchObject({ name: 'succeeded', outputs: [{ nodeId: '3', file: { type: 'output' } }] })
    expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(1)
    expect(events).toContainEqual({ kind: 'cached', nodeIds: [] })
    expect(events.flatMap((event) => (event.kind === 'node' ? [event.nodeId] : []))).toEqual(['1', '2', '3'])
    const file = outcome.name === 'succeeded' ? outcome.outputs[0]!.file : undefined
    const { stream, bytes } = await comfy.download(file!, signal)
    const data = await buffer(stream)
    expect(data).toHaveLength(bytes!)
    expect(data.toString('latin1', 1, 4)).toBe('PNG')
  })

  test('takes the same file twice under one name, and other bytes under another (12_uploads)', async () => {
    const name = `${randomUUID()}.png`
    const first = await comfy.upload(png(name), signal)
    expect(first).toBe(`understudy/${name}`)
    expect(await comfy.upload(png(name), signal)).toBe(first)
    expect(
      await comfy.upload({ ...png(name), ...content(Buffer.concat([tinyPng, tinyPng])) }, signal),
    ).not.toBe(first)
  })

  test('refuses a node it does not have, by its class (04_invalid)', async () => {
    const graph = {
      1: empty(),
      2: { class_type: 'NoSuchNode', inputs: { image: ['1', 0] } },
      3: save(['2', 0]),
    }
    const error = await refusalOf(graph)
    expect(error.nodeErrors).toMatchObject([
      { nodeId: '2', classType: 'NoSuchNode', type: 'missing_node_type' },
    ])
  })

  test('refuses a model file it does not have, and values out of range (04_invalid)', async () => {
    const error = await refusalOf({
      1: { class_type: 'VAELoader', inputs: { vae_name: 'not_here.safetensors' } },
      2: empty(99_999_999),
      3: { class_type: 'VAEEncode', inputs: { pixels: ['2', 0], vae: ['1', 0] } },
      4: { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['1', 0] } },
      5: save(['4', 0]),
    })
    expect(error.nodeErrors).toContainEqual(
      expect.objectContaining({
        nodeId: '1',
        input: 'vae_name',
        type: 'value_not_in_list',
        classType: 'VAELoader',
      }),
    )
    expect(error.nodeErrors).toContainEqual(
      expect.objectContaining({ nodeId: '2', input: 'width', type: 'value_bigger_than_max' }),
    )
    expect(error.message).toContain('studio')
  })

  test('refuses a graph of which only a part would run, and runs none of it (04_invalid)', async () => {
    const bad = { class_type: 'SaveImage', inputs: { images: ['1', 0] } }
    const error = await refusalOf({ 1: empty(), 2: save(['1', 0]), 3: bad })
    expect(error.nodeErrors).toMatchObject([
      { nodeId: '3', input: 'filename_prefix', type: 'required_input_missing' },
    ])
  })

  test('tells a failure in its own short words, without its paths (05_exec_error)', async () => {
    const video = await comfy.upload(
      { ...png(`${randomUUID()}.mp4`), type: 'video/mp4', ...content(Buffer.alloc(5000, 1)) },
      signal,
    )
    const outcome = await run({
      1: { class_type: 'LoadVideo', inputs: { file: video } },
      2: { class_type: 'GetVideoComponents', inputs: { video: ['1', 0] } },
      3: save(['2', 0]),
    })
    expect(outcome).toMatchObject({
      name: 'failed',
      nodeType: 'GetVideoComponents',
      message: expect.stringMatching(/invalid/i),
    })
    expect(JSON.stringify(outcome)).not.toMatch(/\/|Traceback|File "/)
  })

  test('cancels what waits and what runs, and nothing else (06_cancel_pending, 07_interrupt_running)', async () => {
    const [running, waiting, other] = [randomUUID(), randomUUID(), randomUUID()]
    await comfy.submit(slow(), running, signal)
    await comfy.submit({ 1: empty(), 2: save(['1', 0]) }, waiting, signal)
    await comfy.submit({ 1: empty(), 2: save(['1', 0]) }, other, signal)
    await expect.poll(() => comfy.whereabouts(running, signal)).toEqual({ name: 'running' })
    expect(await comfy.whereabouts(waiting, signal)).toEqual({ name: 'pending' })
    expect(await comfy.load(signal)).toBe(3)

    await comfy.cancel(waiting, signal)
    expect(await comfy.whereabouts(waiting, signal)).toEqual({ name: 'unknown' })
    await comfy.cancel(randomUUID(), signal) // nobody's
    expect(await comfy.whereabouts(running, signal)).toEqual({ name: 'running' })
    await comfy.cancel(running, signal)
    expect(await comfy.follow(running, () => {}, patient)).toEqual({
      name: 'ended',
      outcome: { name: 'interrupted' },
    })
    expect(await comfy.follow(other, () => {}, patient)).toMatchObject({
      name: 'ended',
      outcome: { name: 'succeeded' },
    })
    await comfy.cancel(other, signal) // it has ended: nothing to do
  })

  test('knows what ended until it is told to forget it (15_queue_clear)', async () => {
    const id = randomUUID()
    await comfy.submit({ 1: empty(), 2: save(['1', 0]) }, id, signal)
    const end = await comfy.follow(id, () => {}, patient)
    expect(await comfy.whereabouts(id, signal)).toEqual(end)
    expect(await comfy.follow(id, () => {}, patient)).toEqual(end)
    await comfy.forget(id, signal)
    expect(await comfy.whereabouts(id, signal)).toEqual({ name: 'unknown' })
    expect(await comfy.follow(id, () => {}, patient)).toEqual({ name: 'unknown' })
  })

  test('says that a file is not there', async () => {
    const file = { filename: 'nothing.png', subfolder: '', type: 'output' } as const
    await expect(comfy.download(file, signal)).rejects.toMatchObject({ name: 'BoxAnswerError' })
  })

  async function run(graph: Graph, events: PromptEvent[] = []): Promise<Outcome> {
    const id = randomUUID()
    await comfy.submit(graph, id, signal)
    const end = await comfy.follow(id, (event) => events.push(event), patient)
    if (end.name !== 'ended') throw new Error(`The prompt is ${end.name}.`)
    return end.outcome
  }

  async function refusalOf(graph: Graph): Promise<RefusedError> {
    const id = randomUUID()
    const error: unknown = await comfy.submit(graph, id, signal).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(RefusedError)
    await expect.poll(() => comfy.load(signal)).toBe(0)
    return error as RefusedError
  }
})

function content(data: Uint8Array) {
  return {
    bytes: data.length,
    open: () => new Blob([new Uint8Array(data)]).stream() as ReadableStream<Uint8Array>,
  }
}
function png(name: string) {
  return { name, type: 'image/png', ...content(tinyPng) }
}
function empty(width = 64) {
  // A colour of its own, so that nothing comes from the cache.
  return {
    class_type: 'EmptyImage',
    inputs: { width, height: 64, batch_size: 1, color: Math.floor(Math.random() * 16_000_000) },
  }
}
function save(images: [string, number]) {
  return { class_type: 'SaveImage', inputs: { images, filename_prefix: `understudy-test/${randomUUID()}` } }
}
function invert(image: string) {
  return {
    1: { class_type: 'LoadImage', inputs: { image } },
    2: { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
  }
}
/** Some seconds of core nodes on a processor, as in 07_interrupt_running. */
function slow(): Graph {
  const blur = (from: string) => ({
    class_type: 'ImageBlur',
    inputs: { image: [from, 0], blur_radius: 15, sigma: 5 },
  })
  const first = { class_type: 'EmptyImage', inputs: { ...empty(512).inputs, height: 512, batch_size: 24 } }
  const blurs = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [String(i + 2), blur(String(i + 1))]))
  return { 1: first, ...blurs, 99: save(['41', 0]) }
}

describe.each(['0.26.0', '0.3.64'] as const)('what is heard from %s', (version) => {
  test('is of the own prompt only, from its start on, with its previews (08_two_clients, 10_previews)', async () => {
    await using box = await startStandIn({ version })
    const comfy = openComfy({ name: 'studio', url: box.url })
    const held = box.hold()
    const [first, second] = [randomUUID(), randomUUID()]
    const events = new Map<string, PromptEvent[]>([
      [first, []],
      [second, []],
    ])
    // Somebody else's, without a client: everybody is told of it.
    await fetch(`${box.url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt: stepped(5) }) })
    await comfy.submit(stepped(2), first, signal)
    await comfy.submit(stepped(3), second, signal)
    held.release()
    await expect.poll(() => comfy.whereabouts(first, signal)).toMatchObject({ name: 'ended' })
    // Followed late: what was heard before is told now.
    const ends = [first, second].map((id) =>
      comfy.follow(id, (event) => events.get(id)?.push(event), patient),
    )
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ outcome: { name: 'succeeded' } })
    for (const [id, max] of [
      [first, 2],
      [second, 3],
    ] as const) {
      const heard = events.get(id) ?? []
      expect(heard[0]).toEqual({ kind: 'started' })
      const steps = heard.flatMap((event) => (event.kind === 'progress' ? [event] : []))
      expect(steps).toEqual(
        Array.from({ length: max }, (_, i) => ({ kind: 'progress', nodeId: '2', value: i + 1, max })),
      )
      const previews = heard.flatMap((event) => (event.kind === 'preview' ? [event] : []))
      expect(previews).toHaveLength(max)
      expect(previews[0]?.type).toBe('image/jpeg')
      expect(Buffer.from(previews[0]!.bytes).equals(tinyJpeg)).toBe(true)
    }
    await comfy.close()
  })

  test('goes on for a server that was started anew under the same client id (09_ws_reconnect)', async () => {
    await using box = await startStandIn({ version })
    const config = { name: 'studio', url: box.url }
    const [id, clientId] = [randomUUID(), randomUUID()]
    const held = box.hold()
    const before = openComfy(config, {}, clientId)
    await before.submit(stepped(3), id, signal)
    await before.close()
    const after = openComfy(config, {}, clientId)
    const events: PromptEvent[] = []
    const end = after.follow(id, (event) => events.push(event), patient)
    await expect.poll(() => box.sockets).toBe(1)
    held.release()
    expect(await end).toMatchObject({ outcome: { name: 'succeeded' } })
    expect(events.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(0)
    expect(events.filter(({ kind }) => kind === 'preview').length).toBeGreaterThan(0)
    await after.close()
  })
})

function stepped(steps: number): Graph {
  const inputs = { image: ['1', 0] as const, seconds: 0, steps, preview: true, nonce: steps }
  return { 1: empty(), 2: { class_type: 'EdgeTestSlow', inputs }, 3: save(['2', 0]) }
}

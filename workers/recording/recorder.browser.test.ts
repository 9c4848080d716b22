/** The recorder thread with pictures and sound of this test: what is in the file, and when. */
import { proxy, transfer } from 'comlink'
import {
  ALL_FORMATS,
  AudioBufferSink,
  BlobSource,
  EncodedPacketSink,
  Input,
  VideoSampleSink,
} from 'mediabunny'
import { afterEach, expect, test } from 'vitest'
import { type Connection, connect } from '../rpc/connect'
import type { TappedPicture } from './picture-tap'
import type { RecorderApi, RecordingEvent, RecordingFormat, SoundFeed } from './recorder-api'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

function recorder(): Connection<RecorderApi> {
  const worker = new Worker(new URL('./recorder.worker.ts', import.meta.url), { type: 'module' })
  const connection = connect<RecorderApi>(worker)
  let isOpen = true
  const dispose = () => {
    if (isOpen) connection[Symbol.dispose]()
    isOpen = false
  }
  cleanUp.push(dispose)
  return { api: connection.api, [Symbol.dispose]: dispose }
}

/** Posts a picture 30 times a second, as the studio does: its brightness says when it was made. */
function camera(size: () => { width: number; height: number } = () => ({ width: 160, height: 120 })) {
  const { port1, port2 } = new MessageChannel()
  const free: ArrayBuffer[] = []
  port1.onmessage = ({ data }) => free.push(data)
  let out = 0
  const posted: number[] = []
  const post = () => {
    if (out - free.length >= 3 || isPaused) return
    const { width, height } = size()
    const timeMs = performance.timeOrigin + performance.now()
    const data = new Uint8ClampedArray(width * height * 4).fill(255)
    const bright = Math.floor(timeMs / 1000) % 2 === 0 ? 235 : 20
    for (let i = 0; i < data.length; i += 4) data.fill(bright, i, i + 3)
    const picture: TappedPicture = { data: data.buffer, width, height, timeMs, dropped: 0 }
    out++
    posted.push(timeMs)
    port1.postMessage(picture, [data.buffer])
  }
  let isPaused = false
  const timer = setInterval(post, 33)
  cleanUp.push(() => clearInterval(timer))
  return {
    port: port2,
    posted,
    pause: (paused: boolean) => {
      isPaused = paused
    },
  }
}

/** A tone that is heard during even seconds of the clock only, delivered as a device does: in pieces of 10 ms, after the fact. */
function microphone(): { feed: SoundFeed; stop: () => void } {
  const sampleRate = 48_000
  const length = 480
  let done = Math.floor(((performance.timeOrigin + performance.now()) / 1000) * sampleRate)
  const post = (controller: ReadableStreamDefaultController<AudioData>) => {
    const now = ((performance.timeOrigin + performance.now()) / 1000) * sampleRate
    for (; done + length < now; done += length) {
      const data = new Float32Array(length)
      for (let i = 0; i < length; i++) {
        const isEven = Math.floor((done + i) / sampleRate) % 2 === 0
        data[i] = isEven ? 0.5 * Math.sin((2 * Math.PI * 440 * (done + i)) / sampleRate) : 0
      }
      const timestamp = Math.round((done / sampleRate) * 1e6) % 1e9 // a clock of its own
      const init = { format: 'f32-planar', sampleRate, numberOfFrames: length, numberOfChannels: 1 } as const
      controller.enqueue(new AudioData({ ...init, timestamp, data }))
    }
  }
  let timer = 0
  const pieces = new ReadableStream<AudioData>({
    start(controller) {
      timer = window.setInterval(() => post(controller), 10)
      cleanUp.push(() => clearInterval(timer))
    },
    cancel: () => clearInterval(timer),
  })
  return { feed: { pieces, sampleRate, channels: 1 }, stop: () => clearInterval(timer) }
}

async function start(format: RecordingFormat, pictures: MessagePort, sound?: SoundFeed) {
  const { api } = recorder()
  const events: RecordingEvent[] = []
  const listen = proxy((event: RecordingEvent) => void events.push(event))
  const moved: Transferable[] = [pictures]
  if (sound) moved.push(sound.pieces as Transferable)
  const wire = sound && transfer(sound, [sound.pieces as Transferable])
  await api.start({ name: 'Test', format }, transfer(pictures, [pictures]), wire, listen)
  const elapsedS = () => events.findLast((event) => event.name === 'progress')?.elapsedS ?? 0
  const ended = () => events.find((event) => event.name === 'ended')
  return { api, events, elapsedS, ended }
}

const open = async (id: string): Promise<File> => {
  const root = await navigator.storage.getDirectory()
  return (await (await root.getDirectoryHandle('library')).getFileHandle(id)).getFile()
}

async function read(file: Blob) {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  const video = (await input.getPrimaryVideoTrack())!
  const audio = await input.getPrimaryAudioTrack()
  const times: number[] = []
  const keys: number[] = []
  for await (const { timestamp, type } of new EncodedPacketSink(video).packets()) {
    times.push(timestamp)
    if (type === 'key') keys.push(timestamp)
  }
  return { input, video, audio, times, keys }
}

/** When brightness changes, seconds. */
async function flashes(file: Blob): Promise<{ toBright: number[]; toDark: number[] }> {
  const { video } = await read(file)
  const toBright: number[] = []
  const toDark: number[] = []
  let was: boolean | undefined
  for await (const sample of new VideoSampleSink(video).samples()) {
    const bytes = new Uint8Array(sample.allocationSize({ format: 'RGBX' }))
    await sample.copyTo(bytes, { format: 'RGBX' })
    const is = bytes[bytes.length >> 1]! > 128
    if (was !== undefined && is !== was) (is ? toBright : toDark).push(sample.timestamp)
    was = is
    sample.close()
  }
  return { toBright, toDark }
}

/** When the tone begins, seconds. */
async function tones(file: Blob): Promise<number[]> {
  const { audio } = await read(file)
  const starts: number[] = []
  let silent = 0
  let place = 0
  for await (const { buffer, timestamp } of new AudioBufferSink(audio!).buffers()) {
    const samples = buffer.getChannelData(0)
    for (const [i, sample] of samples.entries()) {
      place = timestamp + i / buffer.sampleRate
      if (Math.abs(sample) < 0.05) silent++
      else {
        if (silent > 0.3 * buffer.sampleRate) starts.push(place)
        silent = 0
      }
    }
  }
  return starts
}

test.each(['mp4', 'webm'] as const)(
  '%s: every picture at its time, the sound in step with it',
  async (format) => {
    const { port, posted: all } = camera()
    const { api, elapsedS, ended } = await start(format, port, microphone().feed)
    await expect.poll(elapsedS).toBeGreaterThan(4.5)
    const stoppedMs = performance.timeOrigin + performance.now()
    await api.stop()
    const end = ended()!
    expect(end).toMatchObject({
      name: 'ended',
      reason: undefined,
      item: { state: 'whole', kind: 'recording' },
    })
    const { item } = end as Extract<RecordingEvent, { name: 'ended' }>
    const file = await open(item!.id)
    expect(item).toMatchObject({ name: 'Test', bytes: file.size, width: 160, height: 120 })
    expect(item!.type).toContain(format)
    expect(item!.thumbnail!.size).toBeGreaterThan(100)

    const { times, keys, audio, input } = await read(file)
    expect(times[0]).toBe(0)
    for (const [i, time] of times.entries()) if (i > 0) expect(time).toBeGreaterThan(times[i - 1]!)
    // It begins with one of the pictures, and from there each is where the camera's clock had it.
    const apart = (zeroMs: number) =>
      Math.max(
        ...times
          .slice(0, -1)
          .map((time) => Math.min(...all.map((ms) => Math.abs((ms - zeroMs) / 1000 - time)))),
      )
    const zeroMs = all.reduce((best, ms) => (apart(ms) < apart(best) ? ms : best))
    expect(apart(zeroMs)).toBeLessThan(0.005)
    expect(Math.abs(stoppedMs - zeroMs - item!.durationS! * 1000)).toBeLessThan(300)
    expect(times.length).toBeGreaterThan(all.filter((ms) => ms >= zeroMs).length * 0.7)
    for (const [i, key] of keys.entries()) if (i > 0) expect(key - keys[i - 1]!).toBeLessThan(1)

    expect(audio).not.toBeNull()
    expect(Math.abs((await audio!.computeDuration()) - (await input.computeDuration()))).toBeLessThan(0.5)
    // A tone counts as begun where there was silence before it.
    const toBright = (await flashes(file)).toBright.filter((timeS) => timeS > 0.4)
    const heard = await tones(file)
    expect(toBright.length).toBeGreaterThan(0)
    for (const flash of toBright) {
      const lag = Math.min(...heard.map((tone) => Math.abs(tone - flash)))
      expect(lag, `${toBright} ${heard}`).toBeLessThan(0.1)
    }
  },
)

/** The recording that is ended now, and its file. */
async function finish({ api, ended }: Awaited<ReturnType<typeof start>>) {
  await api.stop()
  const end = ended() as Extract<RecordingEvent, { name: 'ended' }>
  expect(end.reason).toBeUndefined()
  return { item: end.item!, file: await open(end.item!.id) }
}

test('a picture of another size is fitted into the recording, with black beside it', async () => {
  let size = { width: 160, height: 120 }
  const { port } = camera(() => size)
  const recording = await start('mp4', port)
  await expect.poll(recording.elapsedS).toBeGreaterThan(1)
  size = { width: 90, height: 160 } // a phone was turned
  const turnedS = recording.elapsedS()
  await expect.poll(recording.elapsedS).toBeGreaterThan(turnedS + 1.5)
  const { file, item } = await finish(recording)
  expect(item).toMatchObject({ width: 160, height: 120 })
  const { video } = await read(file)
  const sample = (await new VideoSampleSink(video).getSample(item.durationS! - 0.1))!
  const bytes = new Uint8Array(sample.allocationSize({ format: 'RGBX' }))
  await sample.copyTo(bytes, { format: 'RGBX' })
  sample.close()
  const at = (x: number, y: number) => bytes[4 * (y * 160 + x)]!
  const inside = at(80, 60)
  expect(at(10, 60)).toBeLessThan(30)
  expect(at(150, 60)).toBeLessThan(30)
  expect(
    [20, 235].some((grey) => Math.abs(inside - grey) < 15),
    String(inside),
  ).toBe(true)
})

test('without pictures the last one is shown on, without sound there is silence: the file goes on', async () => {
  const { port, pause } = camera()
  const { feed, stop } = microphone()
  const recording = await start('webm', port, feed)
  await expect.poll(recording.elapsedS).toBeGreaterThan(1)
  pause(true)
  stop()
  const pausedS = recording.elapsedS()
  await expect.poll(recording.elapsedS, { timeout: 30_000 }).toBeGreaterThan(pausedS + 3)
  const { item, file } = await finish(recording)
  const { times, audio } = await read(file)
  expect(item.durationS).toBeGreaterThan(pausedS + 2.5)
  const steps = times.slice(1).map((time, i) => time - times[i]!)
  expect(Math.max(...steps)).toBeLessThan(1.5)
  expect(await audio!.computeDuration()).toBeGreaterThan(pausedS + 2)
})

test('ended before the first picture, nothing is left in the library', async () => {
  const { port1, port2 } = new MessageChannel()
  cleanUp.push(() => port1.close())
  const recording = await start('mp4', port2)
  const before = await recording.api.interrupted()
  await recording.api.stop()
  expect(recording.ended()).toMatchObject({ item: undefined, reason: undefined })
  expect(await recording.api.interrupted()).toEqual(before)
})

test('what a thread left that died is found by the next one, kept or deleted', async () => {
  const leave = async () => {
    const { port } = camera()
    const worker = recorder()
    let elapsedS = 0
    const listen = proxy((event: RecordingEvent) => {
      if (event.name === 'progress') elapsedS = event.elapsedS
    })
    await worker.api.start({ name: 'Cut off', format: 'mp4' }, transfer(port, [port]), undefined, listen)
    await expect.poll(() => elapsedS).toBeGreaterThan(1.5)
    expect((await cutOff(recorder().api)).length).toBe(count++) // this one is being written
    worker[Symbol.dispose]()
    return elapsedS
  }
  const cutOff = async (of: Connection<RecorderApi>['api']) =>
    (await of.interrupted()).filter(({ name }) => name === 'Cut off')
  let count = 0
  const [first, second] = [await leave(), await leave()]
  const { api } = recorder()
  await expect.poll(async () => (await cutOff(api)).length).toBe(2)
  const [older, newer] = await cutOff(api)
  expect(older!.durationS).toBeGreaterThan(first - 1)
  expect(newer!.durationS).toBeGreaterThan(second - 1)
  const kept = await api.keep(older!.id)
  expect(kept).toMatchObject({ state: 'whole', kind: 'recording', name: 'Cut off', width: 160 })
  expect((await open(kept.id)).size).toBe(kept.bytes)
  await api.remove([newer!.id])
  expect(await cutOff(api)).toEqual([])
  await api.restore([newer!.id])
  expect(await cutOff(api)).toHaveLength(1)
  await api.remove([newer!.id])
})

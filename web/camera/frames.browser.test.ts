import { afterEach, expect, test, vi } from 'vitest'
import { framesOfTrack, framesOfVideo } from './frames'
import { openVideoFile } from './video-file'

/** A canvas that changes 30 times a second, as a camera. */
function movingTrack(): MediaStreamTrack {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')!
  let count = 0
  const timer = setInterval(() => {
    context.fillStyle = `rgb(${(count++ * 9) % 256} 0 0)`
    context.fillRect(0, 0, canvas.width, canvas.height)
    if (track.readyState === 'ended') clearInterval(timer)
  }, 33)
  const track = canvas.captureStream(30).getVideoTracks()[0]!
  return track
}

async function recording(milliseconds: number): Promise<File> {
  const track = movingTrack()
  const recorder = new MediaRecorder(new MediaStream([track]), { mimeType: 'video/webm' })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  await new Promise((resolve) => {
    recorder.onstop = resolve
    recorder.stop()
  })
  track.stop()
  return new File(parts, 'moving.webm', { type: 'video/webm' })
}

/** A tenth of a second of sound, as a file that could hold a picture. */
function silence(): File {
  const samples = 800 // at 8 kHz, one byte each
  const le32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer)
  const format = new Uint8Array([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0])
  const head = ['RIFF', le32(36 + samples), 'WAVEfmt ', le32(16), format, 'data', le32(samples)]
  return new File([...head, new Uint8Array(samples).fill(128)], 'sound.wav', { type: 'audio/wav' })
}

afterEach(() => vi.unstubAllGlobals())

test('a track becomes a stream that ends while the camera stays open', async () => {
  const track = movingTrack()
  const feed = framesOfTrack(track)
  expect(feed.payload).toBeInstanceOf(ReadableStream)
  const reader = (feed.payload as ReadableStream<VideoFrame>).getReader()
  const { value } = await reader.read()
  expect(value?.displayWidth).toBe(300)
  value?.close()
  await feed.end()
  for (let result = await reader.read(); !result.done; result = await reader.read()) result.value.close()
  expect(track.readyState).toBe('live')
  track.stop()
})

test('where the browser has no track processor, a port hands over one frame at a time', async () => {
  vi.stubGlobal('MediaStreamTrackProcessor', undefined)
  const track = movingTrack()
  const feed = framesOfTrack(track)
  const port = feed.payload as MessagePort
  const heard: (VideoFrame | null)[] = []
  port.onmessage = ({ data }) => heard.push(data)
  await expect.poll(() => heard.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(heard.length, 'no second frame before the first was acknowledged').toBe(1)
  heard[0]?.close()
  port.postMessage('more')
  await expect.poll(() => heard.length).toBe(2)
  const ending = feed.end()
  heard[1]?.close()
  port.postMessage('more')
  await ending
  await expect.poll(() => heard.at(-1)).toBeNull()
  expect(document.querySelector('video')).toBeNull()
  track.stop()
})

test('a video file plays in a loop and gives frames of its size', async () => {
  const file = await openVideoFile(await recording(400))
  const feed = framesOfVideo(file.video)
  const port = feed.payload as MessagePort
  const timestamps: number[] = []
  port.onmessage = ({ data }: MessageEvent<VideoFrame | null>) => {
    if (!data) return
    expect([data.displayWidth, data.displayHeight]).toEqual([300, 150])
    timestamps.push(data.timestamp)
    data.close()
    port.postMessage('more')
  }
  await file.video.play()
  // More than the recording is long: it has begun again. Time stamps go on all the same.
  await expect.poll(() => timestamps.length, { timeout: 10_000 }).toBeGreaterThan(20)
  expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b))
  await feed.end()
  file[Symbol.dispose]()
  expect(document.querySelector('video')).toBeNull()
})

test('a file without a picture, and one that is no video, are refused by name', async () => {
  const named = (name: string) => expect.objectContaining({ name })
  await expect(openVideoFile(silence())).rejects.toEqual(named('NoVideoTrackError'))
  const junk = new File(['not a video'], 'junk.mp4', { type: 'video/mp4' })
  await expect(openVideoFile(junk)).rejects.toEqual(named('VideoUndecodableError'))
  expect(document.querySelector('video')).toBeNull()
})

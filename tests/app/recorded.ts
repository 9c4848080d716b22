/** What is in a recording's file, read outside of the app. */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from 'mediabunny'
import type { Page } from 'playwright'
import type { Pixels } from '../../models/pixels'

/** The bytes of an item of the library, as they are in the page's storage. */
export async function fileOf(page: Page, id: string): Promise<Blob> {
  const base64 = await page.evaluate(async (name) => {
    const library = await (await navigator.storage.getDirectory()).getDirectoryHandle('library')
    const file = await (await library.getFileHandle(name)).getFile()
    const bytes = new Uint8Array(await file.arrayBuffer())
    let binary = ''
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
    return btoa(binary)
  }, id)
  return new Blob([Buffer.from(base64, 'base64')])
}

/** The last picture of a recording, as the browser plays it. */
export async function lastPictureOf(page: Page, id: string): Promise<Pixels> {
  const { width, height, base64 } = await page.evaluate(async (name) => {
    const library = await (await navigator.storage.getDirectory()).getDirectoryHandle('library')
    const file = await (await library.getFileHandle(name)).getFile()
    const video = document.createElement('video')
    video.muted = true
    video.src = URL.createObjectURL(file)
    document.body.append(video)
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve
      video.onerror = () => reject(new Error(video.error?.message))
    })
    const presented = new Promise((resolve) => video.requestVideoFrameCallback(resolve))
    video.currentTime = Math.max(0, video.duration - 0.3)
    await presented
    const { videoWidth: width, videoHeight: height } = video
    const context = new OffscreenCanvas(width, height).getContext('2d')!
    context.drawImage(video, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    let binary = ''
    for (let i = 0; i < data.length; i += 8192) binary += String.fromCharCode(...data.slice(i, i + 8192))
    URL.revokeObjectURL(video.src)
    video.remove()
    return { width, height, base64: btoa(binary) }
  }, id)
  return { width, height, data: new Uint8ClampedArray(Buffer.from(base64, 'base64')) }
}

/** When the fake microphone's beeps begin in a recording, seconds, as the browser plays it. */
export const beepsOf = (page: Page, id: string): Promise<number[]> =>
  page.evaluate(async (name) => {
    const library = await (await navigator.storage.getDirectory()).getDirectoryHandle('library')
    const file = await (await library.getFileHandle(name)).getFile()
    const context = new OfflineAudioContext(1, 48_000, 48_000)
    const samples = (await context.decodeAudioData(await file.arrayBuffer())).getChannelData(0)
    const starts: number[] = []
    let silent = 0
    for (const [i, sample] of samples.entries()) {
      if (Math.abs(sample) < 0.05) silent++
      else {
        if (silent > 0.1 * 48_000) starts.push(i / 48_000)
        silent = 0
      }
    }
    return starts
  }, id)

export interface Recorded {
  readonly durationS: number
  readonly container: string
  readonly video: { readonly codec: string | null; readonly times: readonly number[]; readonly width: number }
  readonly audio:
    | { readonly codec: string | null; readonly times: readonly number[]; readonly endS: number }
    | undefined
  readonly comment: string | undefined
}

export async function readRecording(file: Blob): Promise<Recorded> {
  using input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  const video = (await input.getPrimaryVideoTrack())!
  const audio = await input.getPrimaryAudioTrack()
  const timesOf = async (track: NonNullable<typeof video | typeof audio>) => {
    const times: number[] = []
    for await (const { timestamp } of new EncodedPacketSink(track).packets()) times.push(timestamp)
    return times
  }
  return {
    durationS: await input.computeDuration(),
    container: (await input.getFormat()).name,
    video: {
      codec: await video.getCodec(),
      times: await timesOf(video),
      width: await video.getDisplayWidth(),
    },
    audio: audio
      ? { codec: await audio.getCodec(), times: await timesOf(audio), endS: await audio.computeDuration() }
      : undefined,
    comment: (await input.getMetadataTags()).comment,
  }
}

/** Whether times only go forward, and the longest step. */
export function stepsOf(times: readonly number[]): { readonly shortest: number; readonly longest: number } {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  return { shortest: Math.min(...steps), longest: Math.max(...steps) }
}

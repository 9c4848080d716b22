/** Recording in Live as a person does it: what is in the file, and what is left when the page dies. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { SOURCE_TYPE } from '../../workers/media/provenance'
import { readProvenance } from '../../workers/media/video-provenance'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { ensureFakeCamera } from '../media/fake-camera'
import { beepsOf, fileOf, lastPictureOf, readRecording, stepsOf } from './recorded'
import { drawWith, snapshot, startCamera, useCharacter } from './studio-page'

const record = (page: Page, settings: object) =>
  page.evaluate(async (changes) => {
    globalThis.understudy!.setSettings(changes)
    await globalThis.understudy!.record()
  }, settings)

const elapsedS = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const phase = globalThis.understudy!.recording()
    return phase.name === 'recording' ? phase.elapsedS : 0
  })

const recordedFor = (page: Page, seconds: number) =>
  expect.poll(() => elapsedS(page)).toBeGreaterThan(seconds)

/** Without the thumbnail, which does not cross. */
const stop = (page: Page) =>
  page.evaluate(async () => {
    const { thumbnail, ...item } = (await globalThis.understudy!.stopRecording())!
    return { ...item, thumbnailBytes: thumbnail?.size ?? 0 }
  })

/** Mean absolute difference per channel, 0..255. */
function differenceIn(
  a: Pixels,
  b: Pixels,
  box: { x: number; y: number; width: number; height: number },
): number {
  let sum = 0
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++)
      for (let c = 0; c < 3; c++) {
        const at = 4 * (y * a.width + x) + c
        sum += Math.abs(a.data[at]! - b.data[at]!)
      }
  return sum / (3 * box.width * box.height)
}

describe('a recording', () => {
  let app: LaunchedApp
  let page: Page
  beforeAll(async () => {
    app = await launchApp({ camera: ensureFakeCamera() })
    page = app.page
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('cannot begin before there is a picture, and the button says why', async () => {
    await page.waitForFunction(() => globalThis.understudy)
    const button = page.getByRole('button', { name: 'Record', exact: true })
    expect(await button.isDisabled()).toBe(true)
    expect(await button.getAttribute('title')).toMatch(/consent|picture/i)
    await startCamera(page)
    await useCharacter(page, 0)
    expect(await button.isDisabled()).toBe(false)
  })

  test.each([
    { recordingFormat: 'mp4', isMicrophoneOn: true, container: 'MP4', video: 'avc', audio: 'aac' },
    { recordingFormat: 'webm', isMicrophoneOn: true, container: 'WebM', video: 'vp9', audio: 'opus' },
    { recordingFormat: 'mp4', isMicrophoneOn: false, container: 'MP4', video: 'avc', audio: undefined },
    { recordingFormat: 'webm', isMicrophoneOn: false, container: 'WebM', video: 'vp9', audio: undefined },
  ] as const)(
    '$recordingFormat, microphone: $isMicrophoneOn',
    async ({ container, video, audio, ...settings }) => {
      await record(page, settings)
      await recordedFor(page, 3)
      const item = await stop(page)
      expect(item).toMatchObject({ kind: 'recording', state: 'whole', width: 640, height: 480 })
      expect(item.thumbnailBytes).toBeGreaterThan(500)
      expect(item.durationS).toBeGreaterThan(3)
      expect(item.durationS).toBeLessThan(8)

      const file = await fileOf(page, item.id)
      expect(file.size).toBe(item.bytes)
      const recorded = await readRecording(file)
      expect(recorded.container).toBe(container)
      expect(recorded.video.codec).toBe(video)
      expect(recorded.audio?.codec).toBe(audio)
      expect(recorded.durationS).toBeCloseTo(item.durationS!, 0)
      expect(recorded.video.times[0]).toBe(0)
      const steps = stepsOf(recorded.video.times)
      expect(steps.shortest).toBeGreaterThan(0)
      expect(steps.longest).toBeLessThan(4) // a busy machine drops frames
      if (recorded.audio) {
        // The microphone beeps steadily: what is heard is neither stretched nor torn.
        const beeps = await beepsOf(page, item.id)
        expect(beeps.length, JSON.stringify(beeps)).toBeGreaterThan(1)
        const { shortest, longest } = stepsOf(beeps)
        expect(longest - shortest, JSON.stringify(beeps)).toBeLessThan(0.06)
        expect(stepsOf(recorded.audio.times).shortest).toBeGreaterThan(0)
        expect(stepsOf(recorded.audio.times).longest).toBeLessThan(0.1)
        expect(Math.abs(recorded.audio.endS - recorded.video.times.at(-1)!)).toBeLessThan(0.5)
      }
      expect(await readProvenance(file)).toBe(SOURCE_TYPE)
      expect(recorded.comment).toContain('compositeWithTrainedAlgorithmicMedia')
    },
  )

  test('by the button and by R; time and size are shown, the notice leads to the library', async () => {
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await expect.poll(() => page.locator('.recording-chip').textContent()).toMatch(/0:0[1-9].*(kB|MB)/)
    await page.locator('body').press('r')
    await page.getByText('Recording saved').waitFor()
    expect(await page.locator('.recording-chip').count()).toBe(0)
    await page.locator('.toast').getByRole('button', { name: 'Library' }).click()
    await expect.poll(() => page.url()).toMatch(/\/library$/)
    await page.getByRole('link', { name: /Live/ }).click()
  })

  test('the split and the mesh are for the person at the controls: the file has the finished picture', async () => {
    await page.evaluate(() => globalThis.understudy!.setLook({ split: 1, showMesh: true }))
    await record(page, { isMicrophoneOn: false, recordingFormat: 'mp4' })
    await recordedFor(page, 1)
    const item = await stop(page)
    const shown = await snapshot(page)
    const recorded = await lastPictureOf(page, item.id)
    await page.evaluate(() => globalThis.understudy!.setLook({ split: undefined, showMesh: false }))
    // Shown is the bare face with mesh lines; in the file there is the other face instead.
    expect(differenceIn(shown, recorded, { x: 240, y: 140, width: 160, height: 200 })).toBeGreaterThan(6)
    expect(differenceIn(shown, recorded, { x: 20, y: 20, width: 150, height: 150 })).toBeLessThan(6)
  })

  test('a full storage ends it; what was recorded is kept, and it is said', async () => {
    const session = await app.context.newCDPSession(page)
    await record(page, { isMicrophoneOn: true, recordingFormat: 'mp4' })
    await recordedFor(page, 2)
    const { origin } = app
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
    await page.getByText('The recording ended: the storage is full').waitFor()
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    const saved = await page.evaluate(() => globalThis.understudy!.stopRecording())
    expect(saved!.state).toBe('whole')
    expect(saved!.durationS).toBeGreaterThan(1)
    expect((await readRecording(await fileOf(page, saved!.id))).video.times.length).toBeGreaterThan(5)
  })

  test('without a microphone it says so, and offers to record without', async () => {
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    })
    await record(page, { isMicrophoneOn: true })
    await page.getByText('The microphone is blocked').waitFor()
    await page.getByRole('button', { name: 'Record without' }).click()
    await recordedFor(page, 1)
    expect(await page.locator('.recording-chip').textContent()).toContain('no sound')
    const item = await stop(page)
    expect((await readRecording(await fileOf(page, item.id))).audio).toBeUndefined()
    await page.evaluate(() => Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia'))
  })

  test('where the browser has no track processor, an audio thread hands over the sound', async () => {
    await page.evaluate(() => Object.assign(window, { MediaStreamTrackProcessor: undefined }))
    await record(page, { isMicrophoneOn: true, recordingFormat: 'webm' })
    await recordedFor(page, 3)
    const item = await stop(page)
    const beeps = await beepsOf(page, item.id)
    expect(beeps.length, JSON.stringify(beeps)).toBeGreaterThan(1)
    const { shortest, longest } = stepsOf(beeps)
    expect(longest - shortest, JSON.stringify(beeps)).toBeLessThan(0.06)
  })

  test('stopping the picture ends it and keeps it', async () => {
    await startCamera(page)
    await record(page, { isMicrophoneOn: false })
    await recordedFor(page, 1)
    await page.evaluate(() => globalThis.understudy!.stop())
    await page.waitForFunction(() => globalThis.understudy!.recording().name === 'idle')
    expect(await page.evaluate(() => globalThis.understudy!.interruptedRecordings())).toEqual([])
    expect(app.problems).toEqual([])
  })
})

test('a GPU that goes away does not end a recording', async () => {
  await using app = await launchApp({ camera: ensureFakeCamera() })
  const { page } = app
  await startCamera(page)
  await drawWith(page, 'webgpu')
  await startCamera(page)
  await useCharacter(page, 0)
  await record(page, { isMicrophoneOn: false, recordingFormat: 'mp4' })
  await recordedFor(page, 1)
  expect(await page.evaluate(() => globalThis.understudy!.stats()!.compositor)).toBe('webgpu')
  await page.evaluate(() => globalThis.understudy!.loseDevice())
  const lostAt = await elapsedS(page)
  await recordedFor(page, lostAt + 2)
  const item = await stop(page)
  const { video } = await readRecording(await fileOf(page, item.id))
  expect(stepsOf(video.times).shortest).toBeGreaterThan(0)
  expect(video.times.at(-1)).toBeGreaterThan(lostAt + 1)
  // Read back from the GPU, the picture is what is shown.
  expect(
    differenceIn(await snapshot(page), await lastPictureOf(page, item.id), {
      x: 20,
      y: 20,
      width: 600,
      height: 60,
    }),
  ).toBeLessThan(8)
})

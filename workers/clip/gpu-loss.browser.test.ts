/** The clip thread on a GPU that is lost while nothing moves. */
import { proxy } from 'comlink'
import { expect, inject, it } from 'vitest'
import { amara, type ClipThread, NEVER, openClipThread } from '../../tests/clip/clip-thread'
import { readFrameNumber } from '../../tests/media/frame-number'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { DEFAULT_LOOK } from '../studio/look'

const named = ({ events }: ClipThread, name: string) =>
  events.filter((event) => event.name === name || (event.name === 'notice' && event.notice === name)).length

it('shows the picture again after the GPU was lost, and once more', async () => {
  await using thread = await openClipThread('webgpu')
  if (!thread.capabilities.webgpu) return
  expect(thread.capabilities.compositor).toBe('webgpu')
  await thread.api.setLook(DEFAULT_LOOK)
  await thread.api.putSource('amara', await (await amara())())
  await thread.api.setCast({ everyone: 'amara', people: {} }, [])
  const clip = inject('clips').mp4!
  const file = new File([await (await fetch(`/@fs${clip.path}`)).blob()], 'clip')
  await thread.api.load(
    file,
    proxy(() => undefined),
    NEVER,
  )
  await thread.api.seek(1)
  const saved = shownOn(await createImageBitmap(await thread.api.saveStill('image/png')))
  const sees = () =>
    expect
      .poll(() => thread.picture().width === 320 && differenceOf(thread.picture(), saved).mean)
      .toBeLessThan(0.5)
  await sees()

  for (const losses of [1, 2]) {
    const shown = named(thread, 'shown')
    await thread.api.loseDevice()
    await expect.poll(() => named(thread, 'DeviceLostError')).toBe(losses)
    await expect.poll(() => named(thread, 'shown')).toBe(shown + 1)
    await sees()
  }
  await thread.api.seek(0)
  await expect.poll(() => readFrameNumber(thread.picture())).toBe(0)
})

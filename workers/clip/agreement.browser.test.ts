/** What the preview shows is what the job makes, as far as a single frame can tell. */
import { proxy, transfer } from 'comlink'
import { expect, inject, it } from 'vitest'
import { NEVER, openClipThread } from '../../tests/clip/clip-thread'
import { zipEntries } from '../../tests/media/read-zip'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { openItem } from '../library/library'
import { isOver, openJobThread, settingsFor } from './testing/job-thread'

const inFace = (x: number, y: number) => x > 110 && x < 220 && y > 40 && y < 190
const decoded = async (blob: Blob) => shownOn(await createImageBitmap(blob))

it('a sought frame is as it comes out', async () => {
  const { path, times } = inject('clips').mp4!
  const file = new File([await (await fetch(`/@fs${path}`)).blob()], 'clip.mp4')
  const [from, to] = [20, 32]
  const span = { fromS: times[from]!, toS: times[to]! }
  const settings = await settingsFor({ kind: 'png' }, { span })

  const jobs = await openJobThread()
  const { id } = await jobs.add(file, settings)
  const { state } = await jobs.when(id, isOver)
  jobs.kill()
  if (state.name !== 'done') throw new Error(`The job ended as ${state.name}.`)
  const frames = await zipEntries(await openItem(state.libraryId))
  expect(frames).toHaveLength(to - from)

  await using thread = await openClipThread()
  await thread.api.setLook(settings.look)
  await thread.api.setCast({ everyone: 'keep', people: {} }, [])
  await thread.api.load(
    file,
    proxy(() => undefined),
    NEVER,
  )
  const saved = async (n: number) => {
    await thread.api.seek(times[n]! + 0.001)
    return decoded(await thread.api.saveStill('image/png'))
  }
  const [source] = settings.sources
  const plain = await saved(25)
  const image = await createImageBitmap(source!.picture)
  await thread.api.putSource(
    source!.id,
    transfer({ image, landmarks: new Float32Array(source!.landmarks) }, [image]),
  )
  await thread.api.setCast(settings.cast, settings.people)
  for (const n of [from, 25, to - 1]) {
    const [preview, result] = [await saved(n), await decoded(frames[n - from]!.content)]
    expect(differenceOf(preview, result, (x, y) => !inFace(x, y)).mean).toBeLessThan(0.5)
    expect(differenceOf(preview, result, inFace).mean).toBeLessThan(3)
    if (n === 25) expect(differenceOf(preview, plain, inFace).mean).toBeGreaterThan(6)
  }
}, 120_000)

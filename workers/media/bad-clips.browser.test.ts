/** Files that are broken, cut short, locked or no clips at all. */
import { expect, inject, test } from 'vitest'
import { made, near, open, signal, watch } from '../../tests/media/read-clip'

const clips = inject('clips')

test.runIf(clips.damaged)('a moment that is damaged is shown as it is when read in order', async () => {
  using reader = await open('damaged')
  const standIns = (await watch(reader)).standIns
  expect(standIns.length).toBeGreaterThan(0)
  const { timeS } = (await reader.schedule(undefined, signal()))[standIns.at(-1)!]!
  const picture = await reader.frameAt(timeS, signal())
  expect(picture.isStandIn).toBe(true)
  expect(picture.timeS).toBe(timeS)
  picture.frame.close()
})

test.for(made('truncated', 'truncatedWebm', 'truncatedFragments'))(
  '%s is read as far as it goes',
  async (name) => {
    const { times } = clips[name]!
    using reader = await open(name)
    expect(reader.info.warnings).toEqual(['TruncatedFileWarning'])
    const seen = await watch(reader)
    // The frame in which the file ends may or may not count.
    expect(seen.times.length).toBeGreaterThanOrEqual(times.length - 2)
    expect(seen.times.length).toBeLessThanOrEqual(times.length)
    expect(seen.times).toEqual(near(times.slice(0, seen.times.length)))
    // Of a group of frames that predict each other, the last may be there without those before it.
    const [start = 0] = times
    expect(seen.numbers).toEqual(seen.times.map((time) => Math.round(((time - start) * 30000) / 1001)))
  },
)

test.runIf(clips.damaged)('behind damaged packets the clip goes on', async () => {
  using reader = await open('damaged')
  const seen = await watch(reader)
  expect(seen.times).toEqual(near(clips.damaged!.times))
  const right = seen.numbers.filter((number, i) => number === i).length
  expect(right).toBeGreaterThan(45)
  expect(seen.numbers.slice(-10)).toEqual(seen.times.map((_, i) => i).slice(-10))
})

test.for(
  (
    [
      ['empty', 'EmptyFileError'],
      ['notVideo', 'NotAVideoError'],
      ['headless', 'UnfinishedFileError'],
      ['audioOnly', 'NoVideoTrackError'],
      ['encrypted', 'EncryptedVideoError'],
    ] as const
  ).filter(([name]) => clips[name]),
)('%s is refused by name: %s', async ([name, error]) => {
  await expect(open(name)).rejects.toMatchObject({ name: error })
})

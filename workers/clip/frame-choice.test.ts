import { describe, expect, it } from 'vitest'
import { DEFAULT_LOOK } from '../studio/look'
import type { ClipSettings } from './clip-job'
import { isSwapped, type Shown, spanToRead, wantedFrames } from './frame-choice'

const MP4: ClipSettings = {
  look: DEFAULT_LOOK,
  cast: { everyone: 'a', people: {} },
  people: [],
  sources: [],
  span: undefined,
  outside: 'cut',
  output: { kind: 'mp4', quality: 'high' },
}

const at = (fps: number, count: number, fromS = 0): Shown[] =>
  Array.from({ length: count }, (_, i) => ({ timeS: fromS + i / fps, durationS: 1 / fps }))

const total = (frames: readonly Shown[]) => frames.reduce((sum, { durationS }) => sum + durationS, 0)

describe('a video', () => {
  it('has every frame that is read', () => {
    const frames = wantedFrames(at(30, 90), MP4)
    expect(frames.map(({ place }) => place)).toEqual([...Array(90).keys()])
    expect(frames.every((frame) => isSwapped(frame, MP4))).toBe(true)
  })

  it('reads all of the clip when what is outside of the span is kept, and swaps only inside', () => {
    const settings: ClipSettings = { ...MP4, span: { fromS: 1, toS: 2 }, outside: 'keep' }
    expect(spanToRead(settings)).toBeUndefined()
    expect(spanToRead({ ...settings, outside: 'cut' })).toEqual({ fromS: 1, toS: 2 })
    const swapped = wantedFrames(at(10, 30), settings).filter((frame) => isSwapped(frame, settings))
    expect(swapped.map(({ place }) => place)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  })
})

describe('a gif', () => {
  const gif = (fps: number): ClipSettings => ({ ...MP4, output: { kind: 'gif', width: 320, fps } })

  it('has a frame for every beat, and lasts as long as the clip', () => {
    const frames = wantedFrames(at(30, 90, 5), gif(10))
    expect(frames.map(({ place }) => place)).toEqual(Array.from({ length: 30 }, (_, i) => 3 * i))
    expect(total(frames)).toBeCloseTo(3, 9)
    expect(frames[7]!.durationS).toBeCloseTo(0.1, 9)
  })

  it('has each frame of a slower clip once', () => {
    const frames = wantedFrames(at(5, 20), gif(12))
    expect(frames.map(({ place }) => place)).toEqual([...Array(20).keys()])
    expect(total(frames)).toBeCloseTo(4, 9)
  })

  it('keeps the pauses of a variable frame rate', () => {
    const schedule: Shown[] = [
      { timeS: 0, durationS: 0.02 },
      { timeS: 0.02, durationS: 0.02 },
      { timeS: 0.04, durationS: 1.96 },
      { timeS: 2, durationS: 0.1 },
    ]
    const frames = wantedFrames(schedule, gif(10))
    expect(frames.map(({ place }) => place)).toEqual([0, 2, 3])
    expect(frames.map(({ durationS }) => durationS)).toEqual([0.04, 1.96, expect.closeTo(0.1, 9)])
  })

  it('of nothing is nothing', () => {
    expect(wantedFrames([], gif(10))).toEqual([])
  })
})

import { describe, expect, inject, test } from 'vitest'
import { commands } from 'vitest/browser'
import type { ClipName } from '../../tests/media/clip-recipes'
import {
  base64,
  fetchClip,
  KINDS,
  type Kind,
  made,
  NTSC_S,
  never,
  numbersOf,
  type Packet,
  packetsOf,
  read,
  rewrite,
  timesOf,
  writing,
} from '../../tests/media/rewritten'
import { SOURCE_TYPE } from './provenance'
import { readProvenance } from './video-provenance'

const clips = inject('clips')

/** Half a tick: of the file's clock where it is ours, of a millisecond in WebM or from it. */
const slackS = (kind: Kind, name: ClipName): number =>
  // Its edit list counts milliseconds; there are two ways to round.
  name === 'offset' ? 0.001 : kind === 'webm' || /webm|mkv/.test(clips[name]!.path) ? 0.000_501 : 0.000_000_5

test.runIf(clips.endCut).each(KINDS)(
  'what an edit list cuts off at the end stays off, in %s',
  async (kind) => {
    const { file } = await rewrite(await fetchClip('endCut'), kind)
    using input = read(file)
    expect(await (await input.getPrimaryVideoTrack())!.computeDuration()).toBeCloseTo(1.5, 2)
    const soundS = await (await input.getPrimaryAudioTrack())!.computeDuration()
    expect(Math.abs(soundS - 1.5)).toBeLessThan(0.06) // a packet of AAC is 21 ms long
  },
)

describe.each(KINDS)('%s', (kind) => {
  test.for(
    kind === 'mp4'
      ? made(
          'mp4',
          'bframes',
          'vfr',
          'rotated',
          'mov',
          'webm',
          'mkv',
          'late',
          'offset',
          'longAudio',
          'silent',
        )
      : made('mp4', 'vfr', 'webm', 'late'),
  )('of %s shows every frame once, when the source does, and others see it so', async (name) => {
    const { times: sourceTimes, first } = clips[name]!
    // A transport stream has no zero of its own. (The sound of this one is of a kind that is not found.)
    const zeroS = name === 'transport' ? sourceTimes[0]! : 0
    const times = sourceTimes.map((time) => time - zeroS)
    const { file, warnings, progress } = await rewrite(await fetchClip(name), kind)
    expect(warnings).toEqual([])
    expect(progress.at(-1)).toBe(1)
    using input = read(file)
    const track = (await input.getPrimaryVideoTrack())!
    expect(await numbersOf(track)).toEqual(times.map((_, i) => first + i))
    const shown = timesOf(await packetsOf(track))
    expect(shown).toHaveLength(times.length)
    for (const [i, time] of times.entries())
      expect(Math.abs(shown[i]! - time)).toBeLessThan(slackS(kind, name))
    expect(await input.getAudioTracks()).toHaveLength(
      ['silent', 'bframes', 'transport'].includes(name) ? 0 : 1,
    )

    const probed = await commands.ffprobe(await base64(file))
    if (!probed) return
    expect(probed.complaints).toBe('')
    const video = probed.streams.find(({ codec_type: type }) => type === 'video')!
    expect(video).toMatchObject({
      codec_name: kind === 'mp4' ? 'h264' : 'vp9',
      color_space: 'bt709',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
      color_range: 'tv',
    })
    if (name !== 'vfr') {
      const rate = name === 'bframes' ? '30/1' : '30000/1001'
      expect(video).toMatchObject({ r_frame_rate: rate, avg_frame_rate: rate })
    }
    expect(probed.frameTimes).toHaveLength(times.length)
    for (const [i, time] of times.entries())
      expect(Math.abs(probed.frameTimes[i]! - time)).toBeLessThan(Math.max(slackS(kind, name), 0.000_02))
  })

  test('joins segments without touching a packet', async () => {
    const { file, segments } = await rewrite(await fetchClip('mp4'), kind, { perSegment: 20 })
    expect(segments).toHaveLength(4)
    const packets: Packet[] = []
    for (const segment of segments) {
      using part = read(segment)
      packets.push(...(await packetsOf((await part.getPrimaryVideoTrack())!)))
    }
    using input = read(file)
    const joined = await packetsOf((await input.getPrimaryVideoTrack())!)
    expect(joined.map(({ data }) => data)).toEqual(packets.map(({ data }) => data))
  })

  test('says where it comes from, plays, and can be looked through', async () => {
    const { file } = await rewrite(await fetchClip('mp4'), kind)
    expect(await readProvenance(file)).toBe(SOURCE_TYPE)
    const player = document.createElement('video')
    player.src = URL.createObjectURL(file)
    player.muted = true
    await new Promise((resolve, reject) => {
      player.oncanplaythrough = resolve
      player.onerror = () => reject(new Error(player.error?.message))
    })
    expect(player.duration).toBeCloseTo(75 * NTSC_S, 1)
    player.currentTime = 2
    await new Promise((resolve) => {
      player.onseeked = resolve
    })
    expect(player.currentTime).toBe(2)
    URL.revokeObjectURL(player.src)
  })

  test('is not made of segments that lack a frame', async () => {
    const clip = await fetchClip('mp4')
    for (const lose of ['segment', 'frame'] as const)
      await expect(rewrite(clip, kind, { lose })).rejects.toMatchObject({ name: 'SegmentsBrokenError' })
  })
})

test('segments whose encoders differ a little still make one video', async () => {
  const alternate = 'avc1.42e01e' // Constrained Baseline among High
  const { file } = await rewrite(await fetchClip('mp4'), 'mp4', { perSegment: 20, alternate })
  using input = read(file)
  expect(await numbersOf((await input.getPrimaryVideoTrack())!)).toEqual(
    Array.from({ length: 75 }, (_, i) => i),
  )
  const probed = await commands.ffprobe(await base64(file))
  if (!probed) return
  expect(probed.complaints).toBe('')
  expect(probed.frameTimes).toHaveLength(75)
})

test('an mp4 has its index in front', async () => {
  const { file } = await rewrite(await fetchClip('mp4'), 'mp4')
  const names: string[] = []
  const bytes = new DataView(await file.arrayBuffer())
  for (let at = 0; at < bytes.byteLength; at += bytes.getUint32(at) || bytes.byteLength)
    names.push(String.fromCharCode(...[4, 5, 6, 7].map((i) => bytes.getUint8(at + i))))
  expect(names).toEqual(['ftyp', 'moov', 'free', 'mdat', 'uuid'])
})

test('stops when it is told to, and leaves no half of a file', async () => {
  const attempt = writing.abortFinishing(await fetchClip('mp4'), never())
  await expect(attempt).resolves.toEqual({ error: 'AbortError', bytes: 0 })
})

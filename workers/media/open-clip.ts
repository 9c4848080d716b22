import { ALL_FORMATS, BlobSource, Input, type InputAudioTrack, type InputVideoTrack } from 'mediabunny'
import { namedError } from '../rpc/named-error'
import type { ClipInfo } from './clip-info'
import type { ClipReader } from './clip-reader'
import { audioCodecName, videoCodecName } from './codec-names'
import { readSchedule } from './schedule'
import { CONTAINER_NAMES, sniff } from './sniff'
import { TrackReader } from './track-reader'
import { stamped } from './upright'

export interface OpenOptions {
  /** 0..1, called only while ffmpeg has to convert the file. */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/** Opens a clip by what it is; `name` is only a hint. Rejects with a named Error that words/errors.ts has sentences for. */
export async function openClip(file: Blob, _name: string, { signal }: OpenOptions): Promise<ClipReader> {
  const container = await sniff(file)
  if (container === 'empty') throw namedError('EmptyFileError', 'The file has no bytes.')
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  try {
    if (!(await input.canRead())) throw namedError('NotAVideoError', 'The file is of no known kind.')
    const video = await input.getPrimaryVideoTrack()
    if (!video) throw namedError('NoVideoTrackError', 'The file holds no video.')
    const audio = (await input.getPrimaryAudioTrack()) ?? undefined
    const schedule = await readSchedule(video, { endS: Number.POSITIVE_INFINITY, truncated: false }, signal)
    const info = await describe(file, CONTAINER_NAMES[container], video, audio, schedule.length, [
      schedule.at(0).timeS,
      schedule.toS,
    ])
    return new TrackReader({
      info,
      input,
      video,
      audio,
      schedule,
      present: async (frame, moment) => stamped(frame, moment),
      release: () => undefined,
    })
  } catch (error) {
    input.dispose()
    throw error
  }
}

async function describe(
  file: Blob,
  container: string,
  video: InputVideoTrack,
  audio: InputAudioTrack | undefined,
  frames: number,
  [fromS, toS]: readonly [number, number],
): Promise<ClipInfo> {
  const codec = await video.getCodec()
  return {
    container,
    bytes: file.size,
    fromS,
    toS,
    video: {
      codec: codec ? videoCodecName(codec) : 'unknown',
      width: await video.getDisplayWidth(),
      height: await video.getDisplayHeight(),
      fps: frames / (toS - fromS),
      hdr: undefined,
    },
    audio: audio && {
      codec: audioCodecName((await audio.getCodec()) ?? 'aac'),
      channels: await audio.getNumberOfChannels(),
      sampleRate: await audio.getSampleRate(),
    },
    converted: false,
    warnings: [],
  }
}

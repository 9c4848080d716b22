/** The two containers of finished videos, with what mediabunny does not write into them by itself. */
import {
  type AudioTrackMetadata,
  Mp4OutputFormat,
  Output,
  type VideoTrackMetadata,
  WebMOutputFormat,
} from 'mediabunny'
import { type FileWriter, fileTarget } from './file-writer'
import type { FrameClock } from './frame-clock'
import { PROVENANCE_TAGS, WEBM_PROVENANCE_TAGS, xmpBox } from './video-provenance'
import { AUDIO_ROOM, roomPatches, VIDEO_ROOM } from './webm-room'

export interface ResultFile {
  readonly output: Output
  readonly videoTrack: VideoTrackMetadata
  readonly audioTrack: AudioTrackMetadata
  /** After `output.finalize()`. For Opus in WebM: its packets are stamped so much later than their sound belongs. */
  complete(codecDelayS: number): Promise<void>
}

/** `frames` is their exact number. */
export const resultFile = (
  kind: 'mp4' | 'webm',
  file: FileWriter,
  clock: FrameClock,
  frames: number,
): ResultFile => (kind === 'mp4' ? mp4File(file, clock, frames) : webmFile(file, clock))

/** With its index in front, where players on the web want it. */
function mp4File(file: FileWriter, { timescale }: FrameClock, frames: number): ResultFile {
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'reserve' }),
    target: fileTarget(file),
  })
  output.setMetadataTags(PROVENANCE_TAGS)
  return {
    output,
    // For mediabunny's mp4 the frame rate is the timescale and nothing else.
    videoTrack: { maximumPacketCount: frames, frameRate: timescale },
    audioTrack: {},
    complete: () => file.write(xmpBox(), file.size),
  }
}

function webmFile(file: FileWriter, { frameS }: FrameClock): ResultFile {
  let header = { data: new Uint8Array(), position: 0 }
  const format = new WebMOutputFormat({
    onSegmentHeader(data, position) {
      header = { data: data.slice(), position }
    },
  })
  const output = new Output({ format, target: fileTarget(file) })
  output.setMetadataTags(WEBM_PROVENANCE_TAGS)
  return {
    output,
    videoTrack: { name: VIDEO_ROOM },
    audioTrack: { name: AUDIO_ROOM },
    async complete(codecDelayS) {
      const { data, position } = header
      for (const patch of roomPatches(data, position, frameS, codecDelayS))
        await file.write(patch.data, patch.position)
    },
  }
}

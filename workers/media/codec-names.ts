import type { AudioCodec, VideoCodec } from 'mediabunny'

/** As people say it. */
export const VIDEO_CODEC_NAMES: Readonly<Partial<Record<VideoCodec, string>>> = {
  avc: 'H.264',
  hevc: 'H.265',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
}

const AUDIO_CODEC_NAMES: Readonly<Partial<Record<AudioCodec, string>>> = {
  aac: 'AAC',
  opus: 'Opus',
  mp3: 'MP3',
  vorbis: 'Vorbis',
  flac: 'FLAC',
  ac3: 'Dolby Digital',
  eac3: 'Dolby Digital Plus',
}

export const videoCodecName = (codec: VideoCodec): string => VIDEO_CODEC_NAMES[codec] ?? codec.toUpperCase()

export function audioCodecName(codec: AudioCodec): string {
  return AUDIO_CODEC_NAMES[codec] ?? (codec.startsWith('pcm') ? 'PCM' : codec.toUpperCase())
}

import { canEncodeAudio } from 'mediabunny'
import { namedError } from '../rpc/named-error'

export type AacEncoder = 'browser' | 'ffmpeg'

let ready: Promise<AacEncoder> | undefined

/**
 * Sees to it that mediabunny can encode AAC: with the browser's encoder, or where it has none (Debian's Chromium, Firefox)
 * with FFmpeg's in WebAssembly, which is loaded only then. Rejects with an Error named `NoAudioEncoderError`.
 */
export function loadAacEncoder(): Promise<AacEncoder> {
  ready ??= load()
  return ready
}

async function load(): Promise<AacEncoder> {
  try {
    if (await canEncodeAudio('aac')) return 'browser'
    const { registerAacEncoder } = await import('@mediabunny/aac-encoder')
    registerAacEncoder()
    return 'ffmpeg'
  } catch (error) {
    ready = undefined // it may be there when the network is
    throw namedError('NoAudioEncoderError', `The AAC encoder cannot be loaded: ${error}`)
  }
}

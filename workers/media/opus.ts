import type { InputAudioTrack } from 'mediabunny'

/** Opus counts in 48 kHz, whatever the input was. */
const RATE = 48_000

/** How long the sound at the beginning is that is not to be heard (RFC 7845 §4.2); 0 for other codecs. */
export async function opusDelayS(track: InputAudioTrack): Promise<number> {
  if ((await track.getCodec()) !== 'opus') return 0
  return opusHeadDelayS((await track.getDecoderConfig())?.description)
}

/** As its identification header says (RFC 7845 §5.1). */
export function opusHeadDelayS(head: AllowSharedBufferSource | undefined): number {
  if (!head || head.byteLength < 12) return 0
  const view = ArrayBuffer.isView(head)
    ? new DataView(head.buffer, head.byteOffset, head.byteLength)
    : new DataView(head)
  return view.getUint16(10, true) / RATE
}

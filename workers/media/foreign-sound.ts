import { ALL_FORMATS, BlobSource, Input, type InputAudioTrack } from 'mediabunny'
import { namedError } from '../rpc/named-error'
import type { ClipReader } from './clip-reader'
import { temporaryPlace } from './converted'
import { convertSound } from './ffmpeg'

export interface ForeignSound extends Disposable {
  /** AAC, on the clip's own clock. */
  readonly track: InputAudioTrack
}

/** A clip's sound by ffmpeg, where the browser cannot decode it. Disposing lets go of what was written. Rejects with a named Error. */
export async function foreignSound(
  reader: ClipReader,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<ForeignSound> {
  const tracks = await reader.videoTrack.input.getAudioTracks()
  const index = tracks.findIndex(({ id }) => id === reader.audioTrack?.id)
  const place = await temporaryPlace()
  try {
    await convertSound(reader.file, Math.max(0, index), place.handle, onProgress, signal)
    const input = new Input({ source: new BlobSource(await place.handle.getFile()), formats: ALL_FORMATS })
    const track = await input.getPrimaryAudioTrack()
    if (!track) throw namedError('SoundLeftOutWarning', 'ffmpeg made no sound of it.')
    return {
      track,
      [Symbol.dispose]() {
        input.dispose()
        place.release()
      },
    }
  } catch (error) {
    place.release()
    throw error
  }
}

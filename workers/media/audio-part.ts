/** The sound of one result, and the part of a clip it is of. */
import type { AudioSource, AudioTrackMetadata } from 'mediabunny'

export interface AudioFeed extends Disposable {
  readonly source: AudioSource
  readonly metadata: AudioTrackMetadata
  /** Feeds the source, packet by packet or so; yields how far it has come, seconds. */
  run(): AsyncGenerator<number, void, void>
  /** For Opus in WebM, known when it has run: by how much its packets are stamped later than their sound belongs. */
  codecDelayS(): number
}

export interface AudioPart {
  readonly kind: 'mp4' | 'webm'
  /** What becomes 0, and where the part ends; seconds on the clip's own clock. `whole`: from before 0 on. */
  readonly originS: number
  readonly endS: number
  readonly whole: boolean
}

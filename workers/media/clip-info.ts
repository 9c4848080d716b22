/** What is known of a clip's file after opening it. */
export interface ClipInfo {
  /** As sniffed, not as named: 'MP4', 'QuickTime', 'WebM', 'Matroska', 'AVI'… */
  readonly container: string
  readonly bytes: number
  /** When the first frame is shown and the last one ends, seconds on the clip's own clock. */
  readonly fromS: number
  readonly toS: number
  readonly video: {
    readonly codec: string // as people say it: 'H.264', 'VP9'…
    /** px, upright and with square pixels */
    readonly width: number
    readonly height: number
    /** Mean frames per second. */
    readonly fps: number
    readonly hdr: 'PQ' | 'HLG' | undefined
  }
  readonly audio:
    | {
        readonly codec: string
        readonly channels: number
        readonly sampleRate: number
        /** Where the file's own edit list ends it, seconds on the clip's clock; Infinity where it does not. */
        readonly toS: number
      }
    | undefined
  /** ffmpeg had to convert it first. */
  readonly converted: boolean
  /** Names from words/errors.ts: 'TruncatedFileWarning', 'ExtraTracksWarning'… */
  readonly warnings: readonly string[]
}

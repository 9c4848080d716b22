/** What browsers have and TypeScript's DOM library does not know yet. */

interface MediaStreamTrackProcessorInit {
  readonly track: MediaStreamTrack
  readonly maxBufferSize?: number
}

/** Chromium; https://w3c.github.io/mediacapture-transform/ */
interface MediaStreamTrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}

interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<void>
  readonly userChoice: Promise<{ readonly outcome: 'accepted' | 'dismissed' }>
}

interface WindowEventMap {
  beforeinstallprompt: BeforeInstallPromptEvent
}

interface Window {
  /** Chromium; https://wicg.github.io/file-system-access/ */
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>
  readonly showDirectoryPicker?: (options: {
    readonly mode: 'readwrite'
  }) => Promise<FileSystemDirectoryHandle>
  readonly MediaStreamTrackProcessor?: new (init: MediaStreamTrackProcessorInit) => MediaStreamTrackProcessor
}

interface Navigator {
  /** GB, rounded down by the browser to one of a few steps. */
  readonly deviceMemory?: number
}

interface Performance {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>
}

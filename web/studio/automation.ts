/**
 * `globalThis.understudy`: the page by script, for benches, tests and people who automate their studio. What a person
 * must decide (consent) stays with the person: `start` waits for it.
 */
import { unwrap } from 'solid-js/store'
import type { LibraryItem } from '../../workers/library/library-item'
import type { Look } from '../../workers/studio/look'
import type { Capabilities, Stats } from '../../workers/studio/studio-api'
import { type ClipsAutomation, clipsAutomation } from '../clips/automation'
import type { RecordingPhase } from '../recording/recorder'
import type { Settings } from '../settings/schema'
import type { Understudy } from '../understudy'
import type { InputKind, Phase } from './studio'

export interface Automation {
  /** Resolves when the models are loaded and the machine is measured. */
  readonly ready: Promise<void>
  phase(): Phase['name']
  /** The last numbers of the studio thread; undefined while nothing runs. */
  stats(): Stats | undefined
  capabilities(): Capabilities | undefined
  look(): Look
  /** Changes some of the look. `split` and `showMesh` are not remembered. */
  setLook(changes: Partial<Look>): void
  settings(): Settings
  /** Changes what is remembered, such as `size` and `rate` of the camera; takes effect with the next start. */
  setSettings(changes: Partial<Omit<Settings, 'look' | 'consentedAt'>>): void
  /** The tray, in its order. */
  sources(): readonly { readonly id: string; readonly name: string; readonly isActive: boolean }[]
  /** Adds a picture and uses it. Rejects with a named Error. */
  addSource(picture: Blob, name?: string): Promise<string | undefined>
  useSource(id: string): Promise<void>
  start(input?: InputKind): Promise<void>
  /** A video file as the input. */
  startFile(file: File): Promise<void>
  stop(): Promise<void>
  chooseFace(id: number): Promise<void>
  /** The picture as shown now, as PNG. */
  snapshot(): Promise<Blob>
  /** The picture as a stream, one and the same for the life of the page. It moves only while somebody watches. */
  readonly output: MediaStream
  /** Call what it returns when done watching. */
  watchOutput(): () => void
  /** Records until `stopRecording`, or until the storage is full. Resolves when it has begun or could not. */
  record(): Promise<void>
  /** Resolves with what was saved; undefined when there was no picture. */
  stopRecording(): Promise<LibraryItem | undefined>
  recording(): RecordingPhase
  /** Recordings that were cut off when their page died. */
  interruptedRecordings(): Promise<readonly LibraryItem[]>
  /** Makes an item of the library like any other of it. */
  keepRecording(id: string): Promise<LibraryItem>
  /** Milliseconds from the start of the page to the first swapped frame. */
  firstSwapMs(): number | undefined
  /** Breaks the GPU device on purpose, to see it recover. */
  loseDevice(): Promise<void>
  readonly clips: ClipsAutomation
}

declare global {
  var understudy: Automation | undefined
}

export function exposeAutomation(understudy: Understudy): void {
  const { studio, sources, settings, restored, begin, consent, recorder } = understudy
  const ready = Promise.all([studio.opened, restored]).then(() => undefined)
  ready.catch(() => undefined) // nobody may be waiting for it; the stage says what failed
  globalThis.understudy = {
    ready,
    phase: () => studio.state.phase.name,
    stats: () => plain(studio.state.stats),
    capabilities: () => plain(studio.state.capabilities),
    look: () => ({ ...studio.look() }),
    setLook(changes) {
      const { split, showMesh, ...remembered } = changes
      settings.changeLook(remembered)
      if ('split' in changes) studio.setSplit(split)
      if (showMesh !== undefined) studio.setShowMesh(showMesh)
    },
    settings: () => ({ ...settings.settings, look: { ...settings.settings.look } }),
    setSettings: (changes) => settings.change(changes),
    sources: () =>
      sources.state.cards.map(({ id, name }) => ({ id, name, isActive: id === sources.state.activeId })),
    addSource: (picture, name = 'Picture') => sources.add(picture, name),
    useSource: (id) => sources.use(id),
    start: (input) => begin(input),
    async startFile(file) {
      if (await consent.ask()) await studio.openFile(file)
    },
    stop: () => studio.stop(),
    chooseFace: (id) => studio.chooseFace(id),
    snapshot: () => studio.snapshot(),
    output: studio.output.stream,
    watchOutput: () => studio.output.watch(),
    record: () => recorder.start(),
    async stopRecording() {
      await recorder.stop()
      return recorder.saved()
    },
    recording: () => ({ ...recorder.state.phase }),
    interruptedRecordings: () => recorder.api().interrupted(),
    keepRecording: (id) => recorder.api().keep(id),
    firstSwapMs: () => studio.state.firstSwapMs,
    loseDevice: () => studio.api.loseDevice(),
    clips: clipsAutomation(understudy),
  }
}

/** Plain data out of a reactive store. */
const plain = <T>(value: T): T => structuredClone(unwrap(value))

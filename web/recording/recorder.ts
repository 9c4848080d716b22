import { proxy, transfer } from 'comlink'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { LibraryItem } from '../../workers/library/library-item'
import type { RecorderApi, RecordingEvent } from '../../workers/recording/recorder-api'
import { type Connection, connect } from '../../workers/rpc/connect'
import { clock } from '../clips/times'
import { bytesInWords } from '../machine/in-words'
import type { Navigation } from '../navigation/navigation'
import type { SettingsStore } from '../settings/settings'
import type { Studio } from '../studio/studio'
import type { Notices } from '../ui/notices'
import { explain, problem, wordsFor } from '../words/errors'
import { createMicrophones, type OpenMicrophone, type OpenSound, openMicrophone, soundOf } from './microphone'

export type RecordingPhase =
  | { readonly name: 'idle' }
  /** Microphone, file and encoders are being opened. */
  | { readonly name: 'starting' }
  | {
      readonly name: 'recording'
      readonly elapsedS: number
      readonly bytes: number
      readonly dropped: number
      readonly hasSound: boolean
    }
  /** The finished file is being made. */
  | { readonly name: 'saving'; readonly done: number } // 0..1

export interface RecorderParts {
  readonly studio: Studio
  readonly settings: SettingsStore
  readonly notices: Notices
  readonly navigation: Navigation
}

/** Recording what Live shows. Nothing else writes this state. */
export function createRecorder({ studio, settings: { settings }, notices, navigation }: RecorderParts) {
  const [state, setState] = createStore<{ phase: RecordingPhase }>({ phase: { name: 'idle' } })
  const microphones = createMicrophones()
  const [saved, setSaved] = createSignal<LibraryItem>()
  const enter = (phase: RecordingPhase) => setState('phase', reconcile(phase))
  const complain = (error: unknown) => void notices.say('problem', explain(error))
  const isRunning = () => state.phase.name !== 'idle'

  let thread: Connection<RecorderApi> | undefined
  let release: () => void = () => undefined

  const api = () => {
    if (thread) return thread.api
    const worker = new Worker(new URL('../../workers/recording/recorder.worker.ts', import.meta.url), {
      type: 'module',
      name: 'recorder',
    })
    // A thread that fails as a whole tells nothing by itself.
    worker.addEventListener('error', ({ message }) => {
      thread?.[Symbol.dispose]()
      thread = undefined
      if (isRunning())
        ended({ name: 'ended', item: undefined, reason: 'RecordingFailedError', detail: message })
    })
    thread = connect<RecorderApi>(worker)
    return thread.api
  }

  /** Why nothing can be recorded now; undefined when it can. */
  const unavailable = (): string | undefined => {
    if (!settings.consentedAt) return 'Give your consent first: press Start'
    if (!studio.state.stats) return 'Start the picture first'
    return undefined
  }

  /** Records until `stop`. Says itself what is in its way. */
  const start = async (hasSound = settings.isMicrophoneOn): Promise<void> => {
    if (isRunning()) return
    const reason = unavailable()
    if (reason) return void notices.say('info', { title: 'Nothing to record yet', text: `${reason}.` })
    enter({ name: 'starting' })
    try {
      const microphone = hasSound ? await openMicrophone(settings.microphoneId) : undefined
      if (microphone) void microphones.list() // names are known only now
      await startWith(microphone)
    } catch (error) {
      enter({ name: 'idle' })
      if (!hasSound || !isAboutMicrophone(error)) return complain(error)
      const action = { label: 'Record without', run: () => void start(false) }
      notices.say('problem', explain(error), { action, forMs: Number.POSITIVE_INFINITY })
    }
  }

  const startWith = async (microphone: OpenMicrophone | undefined): Promise<void> => {
    let sound: OpenSound | undefined
    const unhold = studio.hold()
    const { port1, port2 } = new MessageChannel()
    release = () => {
      release = () => undefined
      // Whoever asked for it may be gone with its thread.
      void studio.api.record(undefined).catch(() => undefined)
      sound?.[Symbol.dispose]()
      microphone?.[Symbol.dispose]()
      unhold()
    }
    try {
      sound = microphone && (await soundOf(microphone))
      if (microphone) microphone.track.onended = () => complain(problem('MicrophoneLostError'))
      const feed = sound && transfer(sound.feed, [sound.feed.pieces as Transferable]) // a stream is one
      const heard = proxy((event: RecordingEvent) => hear(event, sound !== undefined))
      const name = `Recording ${new Date().toLocaleString('sv').slice(0, 16)}`
      await api().start({ name, format: settings.recordingFormat }, transfer(port2, [port2]), feed, heard)
      await studio.api.record(transfer(port1, [port1]))
      if (!studio.isRunning()) await stop()
    } catch (error) {
      release()
      throw error
    }
  }

  const hear = (event: RecordingEvent, hasSound: boolean) => {
    if (event.name === 'ended') ended(event)
    else if (event.name === 'saving') {
      release()
      enter({ name: 'saving', done: event.done })
    } else if (state.phase.name !== 'saving') {
      const { elapsedS, bytes, dropped } = event
      enter({ name: 'recording', elapsedS, bytes, dropped, hasSound })
    }
  }

  const ended = ({ item, reason, detail }: Extract<RecordingEvent, { name: 'ended' }>) => {
    release()
    enter({ name: 'idle' })
    setSaved(item)
    if (reason) notices.say('problem', wordsFor(reason, detail), { forMs: Number.POSITIVE_INFINITY })
    if (!item) {
      const words = { title: 'Nothing was recorded', text: 'It ended before the first picture.' }
      if (!reason) notices.say('info', words)
      return
    }
    const action = { label: 'Library', run: () => navigation.go('library') }
    const text = `${clock(item.durationS ?? 0)}, ${bytesInWords(item.bytes)}`
    notices.say('done', { title: 'Recording saved', text }, { action, forMs: 10_000 })
  }

  /** Ends it; resolves when it is saved. */
  const stop = async (): Promise<void> => {
    if (!isRunning()) return
    enter({ name: 'saving', done: 0 })
    await api().stop()
    // Where it had not begun yet there is nobody to say that it has ended.
    if (state.phase.name === 'saving')
      ended({ name: 'ended', item: undefined, reason: undefined, detail: '' })
  }

  const toggle = () => (isRunning() ? stop() : start())

  // Without pictures to come, there is nothing to wait for. A lost camera may come back: that time is recorded.
  createEffect(
    on(studio.isRunning, (running) => {
      if (!running && state.phase.name === 'recording') void stop().catch(complain)
    }),
  )
  const leaving = (event: BeforeUnloadEvent) => {
    if (isRunning()) event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  onCleanup(() => {
    window.removeEventListener('beforeunload', leaving)
    release()
    thread?.[Symbol.dispose]()
  })

  return { state, microphones, unavailable, isRunning, start, stop, toggle, saved, api }
}

export type Recorder = ReturnType<typeof createRecorder>

const isAboutMicrophone = (error: unknown): boolean => error instanceof Error && /Microphone/.test(error.name)

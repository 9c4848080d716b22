import { createEffect, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import type { RecordingFormat } from '../../workers/recording/recorder-api'
import { type Option, Segmented, Select, Switch } from '../ui/choice'
import { useUnderstudy } from '../understudy'
import { explain } from '../words/errors'
import { openMicrophone } from './microphone'
import { createSoundLevel } from './sound-level'

const FORMATS: readonly Option<RecordingFormat>[] = [
  { value: 'mp4', label: 'MP4' },
  { value: 'webm', label: 'WebM' },
]

/** What is recorded, and into what. Holds for the next recording. */
export function RecordingChoices() {
  const { recorder, settings: store } = useUnderstudy()
  const { settings } = store
  const options = createMemo(() => [
    { value: '', label: 'Default microphone' },
    ...recorder.microphones.devices().map(({ id, label }) => ({ value: id, label })),
  ])
  const inUse = () =>
    options().some(({ value }) => value === settings.microphoneId) ? settings.microphoneId : ''
  return (
    <div class="recording-choices">
      <h3>Recording</h3>
      <Show when={recorder.unavailable()}>{(reason) => <p class="hint">{reason()}.</p>}</Show>
      <Switch
        label="Microphone"
        checked={settings.isMicrophoneOn}
        onChange={(isMicrophoneOn) => store.change({ isMicrophoneOn })}
      />
      <Show when={settings.isMicrophoneOn}>
        <Select
          label="Microphone to use"
          isBare
          value={inUse()}
          options={options()}
          onChange={(microphoneId) => store.change({ microphoneId })}
        />
        <Level deviceId={inUse()} />
      </Show>
      <Segmented
        label="File"
        value={settings.recordingFormat}
        options={FORMATS}
        hint={settings.recordingFormat === 'mp4' ? 'Plays everywhere' : 'For the web'}
        onChange={(recordingFormat) => store.change({ recordingFormat })}
      />
      <p class="hint">
        Recorded is the finished picture, with mirror and badge. The split and the mesh lines are left out. It
        stays on this device, in the library.
      </p>
    </div>
  )
}

/** How loud the microphone is now. It is opened for that, as long as this is seen. */
function Level(props: { readonly deviceId: string }) {
  const { recorder } = useUnderstudy()
  const [track, setTrack] = createSignal<MediaStreamTrack>()
  const [failure, setFailure] = createSignal<unknown>()
  createEffect(() => {
    const life = new AbortController()
    onCleanup(() => life.abort())
    setFailure(undefined)
    openMicrophone(props.deviceId).then(
      (microphone) => {
        if (life.signal.aborted) return microphone[Symbol.dispose]()
        life.signal.addEventListener('abort', () => microphone[Symbol.dispose](), { once: true })
        setTrack(microphone.track)
        void recorder.microphones.list() // names are known only now
      },
      (error) => life.signal.aborted || setFailure(error),
    )
  })
  const level = createSoundLevel(track)
  return (
    <Show
      when={!failure()}
      fallback={
        <p class="hint">
          {explain(failure()).title}. {explain(failure()).text}
        </p>
      }
    >
      <meter class="sound-level" aria-label="Microphone level" min="0" max="1" high="0.97" value={level()} />
    </Show>
  )
}

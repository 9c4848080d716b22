import FileInput from 'lucide-solid/icons/file-input'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, For, onCleanup, Show } from 'solid-js'
import type { RecognitionApi } from '../../workers/people/recognition.worker'
import { type Connection, connect } from '../../workers/rpc/connect'
import { bytesInWords } from '../machine/in-words'
import { Button } from '../ui/button'
import { pickFiles } from '../ui/pick-files'
import { useUnderstudy } from '../understudy'

interface KnownModel {
  readonly name: string
  readonly file: string
  readonly pack: string
  readonly note: string
  /** The same network in different files. */
  readonly bytes: readonly [number, ...number[]]
}

/** Models that are known to fit. None may be shipped: their weights are for non-commercial research only. */
const KNOWN: readonly KnownModel[] = [
  {
    name: 'ArcFace, small',
    file: 'w600k_mbf.onnx',
    pack: 'buffalo_s',
    note: 'Quick, also on a phone.',
    bytes: [13_616_099],
  },
  {
    name: 'ArcFace, large',
    file: 'w600k_r50.onnx',
    pack: 'buffalo_l',
    note: 'The most certain; takes its time.',
    bytes: [174_383_860, 174_388_474],
  },
]

type State =
  | { readonly name: 'asking' }
  | { readonly name: 'none' }
  | { readonly name: 'trying' }
  | { readonly name: 'installed'; readonly bytes: number }

/** How people in clips are told apart, and the model that does it better. */
export function RecognitionSection() {
  const { complain, notices } = useUnderstudy()
  const [state, setState] = createSignal<State>({ name: 'asking' })
  const connection: Connection<RecognitionApi> = connect(
    new Worker(new URL('../../workers/people/recognition.worker.ts', import.meta.url), {
      type: 'module',
      name: 'recognition',
    }),
  )
  onCleanup(() => connection[Symbol.dispose]())
  const { api } = connection

  const look = async () => {
    const bytes = await api.installed()
    setState(bytes === undefined ? { name: 'none' } : { name: 'installed', bytes })
  }
  const install = async () => {
    const [file] = await pickFiles('.onnx', false)
    if (!file) return
    setState({ name: 'trying' })
    try {
      await api.install(file)
      notices.say('done', { title: 'Recognition model installed', text: 'The next scan of a clip uses it.' })
    } catch (error) {
      complain(error)
    }
    await look()
  }
  const remove = async () => {
    await api.remove()
    await look()
  }
  const run = (work: () => Promise<void>) => void work().catch(complain)
  run(look)

  const installed = () => {
    const now = state()
    return now.name === 'installed' ? now : undefined
  }
  return (
    <section>
      <h3>Telling people in clips apart</h3>
      <Show
        when={installed()}
        fallback={
          <p>
            By following each face from frame to frame. Someone who leaves the picture and comes back may
            count as another person; a face recognition model knows them again.
          </p>
        }
      >
        {(model) => (
          <p>
            By face recognition: the same face is the same person, wherever in the clip. Installed:{' '}
            {nameOf(model().bytes)}, {bytesInWords(model().bytes)}.
          </p>
        )}
      </Show>
      <div class="row recognition-actions">
        <Button icon={FileInput} disabled={state().name === 'trying'} onClick={() => run(install)}>
          {installed() ? 'Replace by another file' : 'Install from a file'}
        </Button>
        <Show when={installed()}>
          <Button icon={Trash} onClick={() => run(remove)}>
            Remove
          </Button>
        </Show>
        <Show when={state().name === 'trying'}>
          <span role="status" aria-busy="true">
            <span class="spinner" /> Trying it out
          </span>
        </Show>
      </div>
      <details class="recognition-models">
        <summary>Where such models come from</summary>
        <p>
          Understudy brings none and downloads none by itself. The InsightFace project publishes these, in
          packs of its release v0.7 (github.com/deepinsight/insightface), for non-commercial research only:
        </p>
        <ul>
          <For each={KNOWN}>
            {({ name, file, pack, note, bytes: [size] }) => (
              <li>
                <strong>{name}</strong>: <code>{file}</code> in {pack}, {bytesInWords(size)}. {note}
              </li>
            )}
          </For>
        </ul>
        <p>
          Any other ONNX file will do that takes one aligned face of 112 × 112 pixels (RGB, −1 to 1) and gives
          one list of numbers. It is tried out before it is kept, and it never leaves this device.
        </p>
      </details>
    </section>
  )
}

const nameOf = (bytes: number): string =>
  KNOWN.find((known) => known.bytes.includes(bytes))?.name ?? 'a model of your own'

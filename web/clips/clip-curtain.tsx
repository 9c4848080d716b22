import Drama from 'lucide-solid/icons/drama'
import Film from 'lucide-solid/icons/film'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { Button, Glyph } from '../ui/button'
import { explain } from '../words/errors'
import { useClips } from './clips-context'
import { Meter } from './meter'
import { size } from './times'

/** ffmpeg keeps the file and its copy in memory, and a browser gives one page some 2 GB. */
const LARGE_BYTES = 300e6

/** What stands in front of the picture while there is none: what to do next, how far it is, or what went wrong. */
export function ClipCurtain() {
  const { viewer, current, remove } = useClips()
  const phase = () => viewer.state.phase
  const opening = () => {
    const now = phase()
    return now.name === 'opening' ? now : undefined
  }
  const failed = () => {
    const now = phase()
    return now.name === 'failed' ? now : undefined
  }
  const threadFailure = () => {
    const { thread } = viewer.state
    return thread.name === 'failed' ? explain(thread.error) : undefined
  }
  const giveUp = () => {
    const draft = current()
    if (draft) void remove(draft.id)
  }
  return (
    <Switch>
      <Match when={threadFailure()}>
        {(words) => (
          <div class="curtain" role="alert">
            <Glyph icon={TriangleAlert} size={32} />
            <h2>{words().title}</h2>
            <p>{words().text}</p>
            <Button look="primary" icon={RotateCw} onClick={() => location.reload()}>
              Reload
            </Button>
          </div>
        )}
      </Match>
      <Match when={phase().name === 'empty'}>
        <EmptyStage />
      </Match>
      <Match when={opening()}>
        {(now) => (
          <div class="curtain">
            <Show
              when={now().converting !== undefined}
              fallback={
                <p class="curtain-progress" role="status" aria-busy="true">
                  <span class="spinner" />
                  {viewer.state.thread.name === 'ready'
                    ? `Opening ${now().fileName}`
                    : 'Loading the models, measuring this machine'}
                </p>
              }
            >
              <h2>Converting {now().fileName}</h2>
              <p>
                This browser cannot read the format itself, so ffmpeg makes a copy that it can: once, on this
                device.
              </p>
              <Show when={now().bytes > LARGE_BYTES}>
                <p>
                  The file is large ({size(now().bytes)}). This will take a while and much memory; if it
                  fails, convert the file to MP4 with another program first.
                </p>
              </Show>
              <Meter label="Converting" done={now().converting ?? 0} />
            </Show>
            <Button onClick={giveUp}>Cancel</Button>
          </div>
        )}
      </Match>
      <Match when={failed()}>
        {(now) => (
          <div class="curtain" role="alert">
            <Glyph icon={TriangleAlert} size={32} />
            <h2>{explain(now().error).title}</h2>
            <p class="clip-failed-name">{now().fileName}</p>
            <p>{explain(now().error).text}</p>
            <div class="curtain-choices">
              <OpenButton label="Choose another" />
              <Button onClick={giveUp}>Remove it</Button>
            </div>
          </div>
        )}
      </Match>
    </Switch>
  )
}

function OpenButton(props: { readonly label: string }) {
  const { pick } = useClips()
  return (
    <Button look="primary" icon={Film} onClick={() => void pick()}>
      {props.label}
    </Button>
  )
}

function EmptyStage() {
  const { takeDemo } = useClips()
  const [rendering, setRendering] = createSignal<number>()
  const demo = async () => {
    setRendering(0)
    await takeDemo(setRendering).finally(() => setRendering(undefined))
  }
  return (
    <div class="curtain">
      <div class="drop-here">
        <Glyph icon={Film} size={40} />
        <h2>Drop a video or a picture</h2>
        <p>
          The face in it becomes your character’s; sound, length and every frame stay. Several files at once
          make a batch.
        </p>
        <div class="curtain-choices">
          <OpenButton label="Choose files" />
          <Button icon={Drama} disabled={rendering() !== undefined} onClick={() => void demo()}>
            {rendering() === undefined
              ? 'Try a demo clip'
              : `Rendering ${Math.round((rendering() ?? 0) * 100)} %`}
          </Button>
        </div>
        <p class="drop-formats">
          Videos: MP4, MOV, WebM, MKV, and most others. Pictures: JPEG, PNG, WebP, BMP, AVIF, GIF.
        </p>
      </div>
      <p class="promise">
        <Glyph icon={ShieldCheck} size={16} /> Nothing leaves this device. Clips are read here and swapped
        here.
      </p>
    </div>
  )
}

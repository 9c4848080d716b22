import Download from 'lucide-solid/icons/download'
import { createMemo, Match, onCleanup, Show, Switch } from 'solid-js'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { useClips } from './clips-context'
import { size } from './times'

/** A result, played or shown. */
export function ResultDialog() {
  const { results } = useClips()
  return (
    <Dialog open={results.shown() !== undefined} title={results.shown()?.name ?? ''} onClose={results.hide}>
      <Show when={results.shown()} keyed>
        {(file) => <Result file={file} />}
      </Show>
    </Dialog>
  )
}

function Result(props: { readonly file: File }) {
  const { results, complain } = useClips()
  const url = createMemo(() => {
    const made = URL.createObjectURL(props.file)
    onCleanup(() => URL.revokeObjectURL(made))
    return made
  })
  return (
    <div class="result">
      <Switch
        fallback={
          <p>A zip with one PNG picture per frame. Download it and open it in your editing program.</p>
        }
      >
        <Match when={props.file.type.startsWith('video/')}>
          {/* biome-ignore lint/a11y/useMediaCaption: somebody's own film, for which there are no captions */}
          <video src={url()} controls autoplay playsinline />
        </Match>
        <Match when={props.file.type.startsWith('image/')}>
          <img src={url()} alt={props.file.name} />
        </Match>
      </Switch>
      <footer>
        <span class="hint">
          {props.file.name} · {size(props.file.size)}
        </span>
        <Button look="primary" icon={Download} onClick={() => void results.save(props.file).catch(complain)}>
          Download
        </Button>
      </footer>
    </div>
  )
}

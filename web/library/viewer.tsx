import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import Download from 'lucide-solid/icons/download'
import Pencil from 'lucide-solid/icons/pencil'
import Share from 'lucide-solid/icons/share-2'
import Trash from 'lucide-solid/icons/trash'
import X from 'lucide-solid/icons/x'
import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import type { LibraryItem } from '../../workers/library/library-item'
import { clock } from '../clips/times'
import { bytesInWords } from '../machine/in-words'
import { IconButton } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { explain } from '../words/errors'
import { dateInWords, KIND_NAMES } from './in-words'
import type { LibraryStore } from './library'
import { NameField } from './name-field'
import './viewer.css'

/** One item, large. Arrow keys go to the ones beside it, Escape and the cross leave. */
export function Viewer(props: { readonly library: LibraryStore }) {
  const { library } = props
  const { navigation } = useUnderstudy()
  let dialog: HTMLDialogElement | undefined
  let stage: HTMLDivElement | undefined
  const [isRenaming, setRenaming] = createSignal(false)
  const item = createMemo(library.viewed)
  const playable = createMemo(() => library.shown().filter(({ state }) => state === 'whole'))
  const place = () => playable().findIndex(({ id }) => id === item()?.id)
  const close = () => library.setViewedId(undefined)

  createEffect(() => {
    if (item() && !dialog?.open) {
      dialog?.showModal()
      stage?.focus() // or the first button would have it
    }
    if (!item() && dialog?.open) dialog.close()
  })
  // A dialog of a page that is not shown would lock the others.
  createEffect(() => navigation.page() !== 'library' && close())

  const go = (by: -1 | 1) => {
    const next = playable()[place() + by]
    if (!next) return
    library.setViewedId(next.id)
    stage?.focus() // what had it may be gone, and keys with it
  }
  const remove = (gone: LibraryItem) => {
    const at = place()
    const next = playable()[at + 1] ?? playable()[at - 1]
    library.setViewedId(next?.id)
    void library.remove([gone])
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return
    const by = { ArrowLeft: -1, ArrowRight: 1 } as const
    const step = by[event.key as keyof typeof by] // undefined for all other keys
    if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault() // of the video, which would jump
      go(step)
    } else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) {
      const video = dialog?.querySelector('video')
      if (!video || event.target === video) return
      event.preventDefault()
      void (video.paused ? video.play() : video.pause())
    }
  }
  return (
    <dialog ref={dialog} class="viewer" aria-label={item()?.name} onClose={close} onKeyDown={pressed}>
      <Show when={item()}>
        {(shown) => (
          <>
            <div class="viewer-words">
              <NameField
                name={shown().name}
                isRenaming={isRenaming()}
                onRename={(name) => {
                  setRenaming(false)
                  void library.rename(shown(), name)
                }}
                onCancel={() => setRenaming(false)}
              />
              <p class="card-facts">{facts(shown())}</p>
            </div>
            <div class="viewer-actions" role="toolbar" aria-label="Actions">
              <IconButton icon={Pencil} label="Rename" onClick={() => setRenaming(true)} />
              <IconButton icon={Share} label="Share" onClick={() => void library.share([shown()])} />
              <IconButton icon={Download} label="Download" onClick={() => void library.download([shown()])} />
              <IconButton icon={Trash} label="Delete" onClick={() => remove(shown())} />
            </div>
            <IconButton icon={X} label="Close" class="viewer-close" onClick={close} />
            <div ref={stage} class="viewer-stage" tabindex="-1">
              <Show when={fileKey(shown())} keyed>
                <Shown item={shown()} library={library} />
              </Show>
            </div>
            <IconButton
              icon={ChevronLeft}
              label="Previous"
              class="viewer-step is-previous"
              disabled={place() <= 0}
              onClick={() => go(-1)}
            />
            <IconButton
              icon={ChevronRight}
              label="Next"
              class="viewer-step is-next"
              disabled={place() >= playable().length - 1}
              onClick={() => go(1)}
            />
          </>
        )}
      </Show>
    </dialog>
  )
}

/** Another file in the place of the one before, as when a recording is finished, must be opened anew. */
const fileKey = ({ id, bytes }: LibraryItem): string => `${id} ${bytes}`

const facts = ({ kind, durationS, bytes, width, height, addedAt }: LibraryItem): string =>
  [
    KIND_NAMES[kind],
    durationS === undefined ? '' : clock(durationS),
    width && height ? `${width} × ${height}` : '',
    bytesInWords(bytes),
    dateInWords(addedAt),
  ]
    .filter(Boolean)
    .join(' · ')

function Shown(props: { readonly item: LibraryItem; readonly library: LibraryStore }) {
  const [url, setUrl] = createSignal<string>()
  const [error, setError] = createSignal<unknown>()
  const life = new AbortController()
  onCleanup(() => life.abort())
  const load = async ({ item, library }: typeof props) => {
    const file = await (item.kind === 'frames' ? library.firstFrame(item) : library.file(item))
    if (life.signal.aborted) return
    const made = URL.createObjectURL(file)
    life.signal.addEventListener('abort', () => URL.revokeObjectURL(made))
    setUrl(made)
  }
  load(props).catch(setError)
  const isVideo = () => props.item.kind === 'recording' || props.item.kind === 'clip'
  return (
    <>
      <Switch>
        <Match when={error()}>
          <p role="alert">{explain(error()).title}</p>
        </Match>
        <Match when={url()}>
          {(src) => (
            <Show when={isVideo()} fallback={<img src={src()} alt={props.item.name} />}>
              {/* biome-ignore lint/a11y/useMediaCaption: what people record has none */}
              <video src={src()} controls autoplay playsinline />
            </Show>
          )}
        </Match>
      </Switch>
      <Show when={props.item.kind === 'frames'}>
        <p class="chip viewer-note">The first frame. Download the zip to have all of them.</p>
      </Show>
    </>
  )
}

import Download from 'lucide-solid/icons/download'
import Trash from 'lucide-solid/icons/trash'
import X from 'lucide-solid/icons/x'
import { onCleanup, onMount, Show } from 'solid-js'
import { bytesInWords } from '../machine/in-words'
import { Button, IconButton } from '../ui/button'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import type { LibraryStore } from './library'

/** What can be done with several items at once. Escape ends it. */
export function SelectionBar(props: { readonly library: LibraryStore }) {
  const { library } = props
  const { navigation } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  const bytes = () => library.selected().reduce((sum, item) => sum + item.bytes, 0)
  const whole = () => library.shown().filter(({ state }) => state === 'whole')
  const isNone = () => library.selected().length === 0
  const end = () => library.setSelection(undefined)
  const removeThem = async () => {
    await library.remove(library.selected())
    end()
  }

  const pressed = (event: KeyboardEvent) => {
    if (navigation.page() !== 'library' || document.querySelector('dialog[open]')) return
    if (event.key === 'Escape') end()
  }
  onMount(() => window.addEventListener('keydown', pressed))
  onCleanup(() => window.removeEventListener('keydown', pressed))

  return (
    <div class="selection-bar" role="toolbar" aria-label="Selection">
      <IconButton icon={X} label="Select nothing more" onClick={end} />
      <p aria-live="polite">
        <b>{library.selected().length}</b> selected
        <span class="card-facts">{isNone() ? '' : bytesInWords(bytes())}</span>
      </p>
      <Button look="ghost" onClick={() => library.setSelection(new Set(whole().map(({ id }) => id)))}>
        All
      </Button>
      <Button
        icon={Download}
        class={isCompact() ? 'icon-button' : ''}
        aria-label="Download"
        disabled={isNone()}
        onClick={() => void library.download(library.selected())}
      >
        <Show when={!isCompact()}>Download</Show>
      </Button>
      <Button
        icon={Trash}
        look="danger"
        class={isCompact() ? 'icon-button' : ''}
        aria-label="Delete"
        disabled={isNone()}
        onClick={() => void removeThem()}
      >
        <Show when={!isCompact()}>Delete</Show>
      </Button>
    </div>
  )
}

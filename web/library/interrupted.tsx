import Trash from 'lucide-solid/icons/trash'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For } from 'solid-js'
import { bytesInWords } from '../machine/in-words'
import { Button, Glyph } from '../ui/button'
import type { LibraryStore } from './library'

/** Recordings that broke off wait for an answer above all else. */
export function Interrupted(props: { readonly library: LibraryStore }) {
  const { library } = props
  return (
    <For each={library.interrupted()}>
      {(item) => (
        <section class="interrupted" aria-label={`Interrupted: ${item.name}`}>
          <Glyph icon={TriangleAlert} />
          <div class="interrupted-words">
            <strong>“{item.name}” broke off</strong>
            <p>
              The page was closed or the browser stopped. What was recorded until then is here:{' '}
              {bytesInWords(item.bytes)}.
            </p>
          </div>
          <div class="interrupted-answers">
            <Button look="primary" onClick={() => void library.keep(item)}>
              Keep
            </Button>
            <Button icon={Trash} onClick={() => void library.remove([item])}>
              Delete
            </Button>
          </div>
        </section>
      )}
    </For>
  )
}

import Box from 'lucide-solid/icons/box'
import FileBox from 'lucide-solid/icons/file-box'
import { For } from 'solid-js'
import type { MissingPart } from '../edge/edge'
import { Glyph } from '../ui/button'

/** What a box lacks, and how to get it. */
export function MissingList(props: { readonly missing: readonly MissingPart[] }) {
  return (
    <ul class="missing" aria-label="What is missing">
      <For each={props.missing}>
        {({ kind, name, how }) => (
          <li>
            <Glyph icon={kind === 'node' ? Box : FileBox} size={16} />
            <div>
              <strong>{name}</strong>
              <p>{how}</p>
            </div>
          </li>
        )}
      </For>
    </ul>
  )
}

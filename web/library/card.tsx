import Clapperboard from 'lucide-solid/icons/clapperboard'
import Download from 'lucide-solid/icons/download'
import Film from 'lucide-solid/icons/film'
import ImageIcon from 'lucide-solid/icons/image'
import Images from 'lucide-solid/icons/images'
import Video from 'lucide-solid/icons/video'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import type { LibraryItem } from '../../workers/library/library-item'
import { clock } from '../clips/times'
import { bytesInWords } from '../machine/in-words'
import { Glyph, IconButton } from '../ui/button'
import { dateInWords, KIND_NAMES } from './in-words'
import { ItemMenu } from './item-menu'
import type { LibraryStore } from './library'
import { NameField } from './name-field'

const ICONS = {
  recording: Video,
  clip: Clapperboard,
  gif: Film,
  frames: Images,
  still: ImageIcon,
} as const satisfies Record<LibraryItem['kind'], unknown>

interface CardProps {
  readonly item: LibraryItem
  readonly library: LibraryStore
}

/** One item: what it looks like, what it is, what can be done with it. */
export function Card(props: CardProps) {
  const { library } = props
  const [isRenaming, setRenaming] = createSignal(false)
  const isWhole = () => props.item.state === 'whole'
  const isSelected = () => library.selection()?.has(props.item.id) ?? false
  const press = () => {
    if (library.selection()) library.toggle(props.item.id)
    else library.setViewedId(props.item.id)
  }
  return (
    <article class="card" classList={{ 'is-selected': isSelected() }}>
      <button
        type="button"
        class="card-picture"
        disabled={!isWhole()}
        aria-label={`${props.item.kind === 'still' ? 'Look at' : 'Play'} ${props.item.name}`}
        onClick={press}
      >
        <Thumbnail item={props.item} />
        <span class="chip card-kind">
          <Glyph icon={ICONS[props.item.kind]} size={14} /> <span>{KIND_NAMES[props.item.kind]}</span>
        </span>
        <Show when={props.item.durationS}>
          {(durationS) => <span class="chip card-duration">{clock(durationS())}</span>}
        </Show>
      </button>
      <Show when={isWhole()}>
        <label class="card-check">
          <input
            type="checkbox"
            aria-label={`Select ${props.item.name}`}
            checked={isSelected()}
            onChange={() => library.toggle(props.item.id)}
          />
        </label>
      </Show>
      <div class="card-words">
        <NameField
          name={props.item.name}
          isRenaming={isRenaming()}
          onRename={(name) => {
            setRenaming(false)
            void library.rename(props.item, name)
          }}
          onCancel={() => setRenaming(false)}
        />
        <p class="card-facts">
          {bytesInWords(props.item.bytes)}
          <Show when={props.item.width}>
            <span class="card-size">
              {' '}
              · {props.item.width} × {props.item.height}
            </span>
          </Show>
        </p>
        <p class="card-facts">{dateInWords(props.item.addedAt)}</p>
      </div>
      <Show when={isWhole()} fallback={<p class="card-note">Being recorded</p>}>
        <div class="card-actions">
          <IconButton
            icon={Download}
            class="card-download"
            label={`Download ${props.item.name}`}
            onClick={() => void library.download([props.item])}
          />
          <ItemMenu item={props.item} library={library} onRename={() => setRenaming(true)} />
        </div>
      </Show>
    </article>
  )
}

function Thumbnail(props: { readonly item: LibraryItem }) {
  const [url, setUrl] = createSignal<string>()
  createEffect(() => {
    const { thumbnail } = props.item
    if (!thumbnail) return setUrl(undefined)
    const made = URL.createObjectURL(thumbnail)
    setUrl(made)
    onCleanup(() => URL.revokeObjectURL(made))
  })
  return (
    <Show when={url()} fallback={<Glyph icon={ICONS[props.item.kind]} size={32} />}>
      {(src) => <img src={src()} alt="" draggable={false} />}
    </Show>
  )
}

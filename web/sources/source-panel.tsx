import Ban from 'lucide-solid/icons/ban'
import ImagePlus from 'lucide-solid/icons/image-plus'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import UserRound from 'lucide-solid/icons/user-round'
import { For, Show } from 'solid-js'
import { Button, Glyph } from '../ui/button'
import { pickFiles } from '../ui/pick-files'
import { useUnderstudy } from '../understudy'
import { SourceActions } from './source-actions'
import type { SourceCard } from './sources'
import './sources.css'

/** Who the face becomes: the character in use, and the tray with all of them. */
export function SourcePanel() {
  const { sources, takeFiles } = useUnderstudy()
  const { state } = sources
  const active = () => state.cards.find(({ id }) => id === state.activeId)
  const add = async () => takeFiles(await pickFiles('image/*', true))
  return (
    <section class="source-panel" aria-label="Source character">
      <h2>Character</h2>
      <div class="source-active">
        <Show when={active()} fallback={<NoSource isEmpty={state.cards.length === 0} />} keyed>
          {(card) => <ActiveSource card={card} />}
        </Show>
      </div>
      <header class="tray-header">
        <h3>All characters</h3>
        <Button icon={ImagePlus} look="ghost" aria-busy={state.reading > 0} onClick={() => void add()}>
          Add
        </Button>
      </header>
      <ul class="tray" aria-label="Characters">
        <li>
          <button
            type="button"
            class="tile tile-none"
            aria-pressed={state.activeId === ''}
            title="No character: the plain picture (0)"
            onClick={() => void sources.use('')}
          >
            <Glyph icon={Ban} />
            <span>None</span>
          </button>
        </li>
        <Show when={state.reading > 0}>
          <li>
            <span class="tile tile-reading" role="status" aria-label="Looking for the face">
              <span class="spinner" />
            </span>
          </li>
        </Show>
        <For each={state.cards}>
          {(card, i) => (
            <li>
              <button
                type="button"
                class="tile"
                aria-pressed={card.id === state.activeId}
                aria-label={card.name}
                title={i() < 9 ? `${card.name} (${i() + 1})` : card.name}
                onClick={() => void sources.use(card.id)}
              >
                <img src={card.thumbnailUrl} alt="" draggable={false} />
                <Show when={i() < 9}>
                  <span class="key">{i() + 1}</span>
                </Show>
              </button>
            </li>
          )}
        </For>
        <li class="tile-add-item">
          <button type="button" class="tile tile-add" aria-label="Add a character" onClick={() => void add()}>
            <Glyph icon={ImagePlus} />
          </button>
        </li>
      </ul>
      <p class="promise">
        <Glyph icon={ShieldCheck} size={16} /> Pictures stay on this device.
      </p>
    </section>
  )
}

function NoSource(props: { readonly isEmpty: boolean }) {
  return (
    <div class="source-empty">
      <Glyph icon={UserRound} size={32} />
      <strong>{props.isEmpty ? 'No characters yet' : 'No character in use'}</strong>
      <p>
        {props.isEmpty
          ? 'Drop a portrait here, paste one, or press Add. A face seen from the front works best.'
          : 'The picture is shown as it is. Choose a character below.'}
      </p>
    </div>
  )
}

function ActiveSource(props: { readonly card: SourceCard }) {
  return (
    <figure class="source-card">
      <img src={props.card.thumbnailUrl} alt={`Portrait of ${props.card.name}`} draggable={false} />
      <figcaption>
        <SourceActions />
      </figcaption>
    </figure>
  )
}

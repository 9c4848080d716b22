import Pencil from 'lucide-solid/icons/pencil'
import Trash from 'lucide-solid/icons/trash'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { IconButton } from '../ui/button'
import { useUnderstudy } from '../understudy'

/** The name of the character in use, and what can be done to it. */
export function SourceActions() {
  const { sources, removeSource } = useUnderstudy()
  const [isRenaming, setRenaming] = createSignal(false)
  const active = () => sources.state.cards.find(({ id }) => id === sources.state.activeId)
  createEffect(
    on(
      () => sources.state.activeId,
      () => setRenaming(false),
    ),
  )
  const rename = (id: string, name: string) => {
    if (!isRenaming()) return // Escape closed the field, which then lost its focus
    setRenaming(false)
    void sources.rename(id, name)
  }
  return (
    <Show when={active()} fallback={<p class="hint">None in use.</p>}>
      {(card) => (
        <div class="source-actions">
          <Show when={isRenaming()} fallback={<span class="source-name">{card().name}</span>}>
            <input
              ref={(input) => queueMicrotask(() => input.select())}
              aria-label="Name"
              value={card().name}
              maxLength={40}
              onBlur={({ currentTarget }) => rename(card().id, currentTarget.value)}
              onKeyDown={({ key, currentTarget }) => {
                if (key === 'Enter') rename(card().id, currentTarget.value)
                else if (key === 'Escape') setRenaming(false)
              }}
            />
          </Show>
          <IconButton icon={Pencil} label="Rename" onClick={() => setRenaming(true)} />
          <IconButton icon={Trash} label="Delete" onClick={() => void removeSource(card().id)} />
        </div>
      )}
    </Show>
  )
}

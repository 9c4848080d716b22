import Clapperboard from 'lucide-solid/icons/clapperboard'
import Library from 'lucide-solid/icons/library'
import ListChecks from 'lucide-solid/icons/list-checks'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import Video from 'lucide-solid/icons/video'
import { For, Match, Show, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { StorageMeter } from '../storage/storage-meter'
import { Button, Glyph } from '../ui/button'
import { type Option, Segmented, Select } from '../ui/choice'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import { explain } from '../words/errors'
import type { Filter, Order } from './arrange'
import { Card } from './card'
import { Interrupted } from './interrupted'
import { createLibrary, type LibraryStore } from './library'
import { SelectionBar } from './selection-bar'
import { Viewer } from './viewer'
import './library.css'

const FILTERS: readonly Option<Filter>[] = [
  { value: 'all', label: 'All' },
  { value: 'recordings', label: 'Recordings' },
  { value: 'clips', label: 'Clips' },
  { value: 'pictures', label: 'Pictures' },
]

const ORDERS: readonly Option<Order>[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'name', label: 'By name' },
  { value: 'largest', label: 'Largest first' },
  { value: 'longest', label: 'Longest first' },
]

/** What was recorded and made on this device. */
export function LibraryView() {
  const library = createLibrary(useUnderstudy())
  const failure = () => {
    const phase = library.phase()
    return phase.name === 'failed' ? explain(phase.error) : undefined
  }
  return (
    <main class="library" aria-label="Library">
      <Switch>
        <Match when={failure()}>
          {(words) => (
            <div class="page-message" role="alert">
              <h2>{words().title}</h2>
              <p>{words().text}</p>
              <Button look="primary" icon={RotateCw} onClick={() => location.reload()}>
                Reload
              </Button>
            </div>
          )}
        </Match>
        <Match when={library.phase().name === 'opening'}>
          <p class="page-message" role="status" aria-busy="true">
            <span class="spinner" /> Looking through what is stored
          </p>
        </Match>
        <Match when={library.items.length === 0}>
          <Empty />
        </Match>
        <Match when={library.items.length > 0}>
          <div>
            <Interrupted library={library} />
            <Toolbar library={library} />
          </div>
          <Show when={library.shown().length > 0} fallback={<NoneOfThese library={library} />}>
            <ul class="library-grid">
              <For each={library.shown()}>
                {(item) => (
                  <li>
                    <Card item={item} library={library} />
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Match>
      </Switch>
      <footer class="library-footer">
        <Show
          when={library.selection()}
          fallback={<StorageMeter storage={library.storage()} onPersisted={library.refreshStorage} />}
        >
          <SelectionBar library={library} />
        </Show>
      </footer>
      <Viewer library={library} />
    </main>
  )
}

function Toolbar(props: { readonly library: LibraryStore }) {
  const { library } = props
  const isCompact = createMediaQuery(COMPACT)
  return (
    <div class="library-bar">
      <Dynamic
        component={isCompact() ? Select<Filter> : Segmented<Filter>}
        label="Show"
        isBare
        value={library.view.filter}
        options={FILTERS}
        onChange={(filter: Filter) => library.setView({ filter })}
      />
      <Select
        label="Order"
        isBare
        value={library.view.order}
        options={ORDERS}
        onChange={(order) => library.setView({ order })}
      />
      <p class="library-count" aria-live="polite">
        {library.shown().length === 1 ? '1 item' : `${library.shown().length} items`}
      </p>
      <Button
        icon={ListChecks}
        look="ghost"
        class={isCompact() ? 'icon-button' : ''}
        aria-label="Select several"
        pressed={library.selection() !== undefined}
        onClick={() => library.setSelection(library.selection() ? undefined : new Set<string>())}
      >
        <Show when={!isCompact()}>Select</Show>
      </Button>
    </div>
  )
}

function Empty() {
  const { navigation } = useUnderstudy()
  return (
    <div class="page-message library-empty">
      <Glyph icon={Library} size={40} />
      <h2>Nothing here yet</h2>
      <p>Record the live picture or swap a clip. What comes out is kept here, on this device.</p>
      <div class="library-empty-ways">
        <Button icon={Video} look="primary" onClick={() => navigation.go('live')}>
          Record in Live
        </Button>
        <Button icon={Clapperboard} onClick={() => navigation.go('clip')}>
          Swap a clip
        </Button>
      </div>
    </div>
  )
}

function NoneOfThese(props: { readonly library: LibraryStore }) {
  return (
    <div class="page-message">
      <p>There are none of this kind.</p>
      <Button onClick={() => props.library.setView({ filter: 'all' })}>Show all</Button>
    </div>
  )
}

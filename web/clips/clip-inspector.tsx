import X from 'lucide-solid/icons/x'
import { createUniqueId, For, Match, Show, Switch } from 'solid-js'
import '../studio/inspector.css'
import { SourceActions } from '../sources/source-actions'
import { Group } from '../studio/look-groups'
import { IconButton } from '../ui/button'
import { useClips } from './clips-context'
import { ExportPanel } from './export-panel'
import { FacesPanel } from './faces-panel'
import { LookPanel } from './look-panel'
import { PANELS, type PanelName } from './panels'
import { QueuePanel } from './queue-panel'

const LABELS: Readonly<Record<PanelName, string>> = {
  faces: 'Faces',
  look: 'Look',
  export: 'Export',
  queue: 'Queue',
}

/** All that can be set about the clip on the stage, and the queue. A sheet from below on a phone. */
export function ClipInspector(props: { readonly isCompact: boolean }) {
  const { current, panel, choosePanel, isPanelOpen, showPanel, queue, unsent } = useClips()
  const id = createUniqueId()
  const isOpen = () => !props.isCompact || isPanelOpen()
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    const at = (PANELS.indexOf(panel()) + by + PANELS.length) % PANELS.length
    choosePanel(PANELS[at] ?? 'faces')
    document.getElementById(`${id}-${panel()}`)?.focus()
  }
  const count = () => queue.unfinished().length + queue.state.copying.length
  return (
    <aside class="inspector" classList={{ 'is-open': isOpen() }} aria-label="Inspector" inert={!isOpen()}>
      <header class="panel-tabs">
        <div role="tablist" aria-label="Inspector" onKeyDown={key}>
          <For each={PANELS}>
            {(name) => (
              <button
                type="button"
                role="tab"
                id={`${id}-${name}`}
                aria-selected={panel() === name}
                aria-controls={`${id}-panel`}
                tabindex={panel() === name ? 0 : -1}
                onClick={() => choosePanel(name)}
              >
                {LABELS[name]}
                <Show when={name === 'queue' && count() + unsent().length > 0}>
                  <span class="count">{count() || unsent().length}</span>
                </Show>
              </button>
            )}
          </For>
        </div>
        <Show when={props.isCompact}>
          <IconButton icon={X} label="Close the inspector" onClick={() => showPanel(false)} />
        </Show>
      </header>
      <div class="groups" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${panel()}`}>
        <Show when={panel() === 'queue'} fallback={<DraftPanels />}>
          <QueuePanel />
        </Show>
      </div>
    </aside>
  )

  function DraftPanels() {
    return (
      <Show
        when={current()}
        fallback={<p class="panel-body hint">Open a clip or a picture first.</p>}
        keyed={false}
      >
        {(draft) => (
          <Switch>
            <Match when={panel() === 'faces'}>
              <Show when={props.isCompact}>
                <Group name="Character">
                  <SourceActions />
                </Group>
              </Show>
              <FacesPanel draft={draft()} />
            </Match>
            <Match when={panel() === 'look'}>
              <LookPanel draft={draft()} />
            </Match>
            <Match when={panel() === 'export'}>
              <ExportPanel draft={draft()} />
            </Match>
          </Switch>
        )}
      </Show>
    )
  }
}

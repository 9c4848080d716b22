import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import { SourceActions } from '../sources/source-actions'
import { Button, IconButton } from '../ui/button'
import { Segmented, Switch } from '../ui/choice'
import { useUnderstudy } from '../understudy'
import { InputBar } from './input-bar'
import { BadgeGroup, Group, LookGroups } from './look-groups'
import './inspector.css'

/** How the face is put on: every part of the look, in the user's words. A sheet from below on a phone. */
export function Inspector(props: { readonly isCompact: boolean }) {
  const { settings, isInspectorOpen, showInspector } = useUnderstudy()
  return (
    <aside
      class="inspector"
      aria-label="Inspector"
      inert={!isInspectorOpen()}
      classList={{ 'is-open': isInspectorOpen() }}
    >
      <header>
        <h2>Look</h2>
        <Button look="ghost" icon={RotateCcw} onClick={settings.resetLook}>
          Reset all
        </Button>
        <IconButton icon={X} label="Close the inspector" shortcut="I" onClick={() => showInspector(false)} />
      </header>
      <div class="groups">
        <Show when={props.isCompact}>
          <Group name="Character">
            <SourceActions />
          </Group>
          <Group name="Input" isClosed>
            <InputBar isStacked />
          </Group>
        </Show>
        <LookGroups look={settings.settings.look} onChange={settings.changeLook}>
          <FacesGroup />
        </LookGroups>
        <ViewGroup />
        <BadgeGroup look={settings.settings.look} onChange={settings.changeLook} />
      </div>
    </aside>
  )
}

function FacesGroup() {
  const { studio } = useUnderstudy()
  const { look, change } = useLook()
  const hint = () => {
    if (look().faces !== 'chosen') return undefined
    const count = studio.state.stats?.faces.length ?? 0
    return count === 0 ? 'Start the picture, then click a face in it.' : 'Click a face in the picture.'
  }
  return (
    <Group name="Faces">
      <Segmented
        label="Swap which faces"
        value={look().faces}
        options={[
          { value: 'all', label: 'All' },
          { value: 'largest', label: 'Largest' },
          { value: 'chosen', label: 'Chosen' },
        ]}
        {...(hint() ? { hint: hint() as string } : {})}
        onChange={(faces) => change({ faces })}
      />
    </Group>
  )
}

function ViewGroup() {
  const { studio } = useUnderstudy()
  const { look, change } = useLook()
  const { state } = studio
  return (
    <Group name="View">
      <Switch label="Mirror" checked={look().mirror} onChange={(mirror) => change({ mirror })} />
      <Switch
        label="Split into before and after"
        checked={state.split !== undefined}
        onChange={(on) => studio.setSplit(on ? 0.5 : undefined)}
      />
      <Switch label="Show the mesh" checked={state.showMesh} onChange={studio.setShowMesh} />
    </Group>
  )
}

function useLook() {
  const { settings } = useUnderstudy()
  return { look: () => settings.settings.look, change: settings.changeLook }
}

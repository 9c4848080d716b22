import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import X from 'lucide-solid/icons/x'
import { type JSX, Show } from 'solid-js'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import { SourceActions } from '../sources/source-actions'
import { Button, IconButton } from '../ui/button'
import { Segmented, Select, Switch } from '../ui/choice'
import { Slider } from '../ui/slider'
import { useUnderstudy } from '../understudy'
import { BadgeChoice } from './badge-choice'
import { InputBar } from './input-bar'
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
        <SwapGroup />
        <EdgeGroup />
        <KeepGroup />
        <FacesGroup />
        <TrackingGroup />
        <ViewGroup />
        <Group name="Badge">
          <BadgeChoice />
        </Group>
      </div>
    </aside>
  )
}

function Group(props: {
  readonly name: string
  readonly isClosed?: boolean
  readonly children: JSX.Element
}) {
  return (
    <details class="group" open={!props.isClosed}>
      <summary>{props.name}</summary>
      {props.children}
    </details>
  )
}

function SwapGroup() {
  const { look, change } = useLook()
  return (
    <Group name="Swap">
      <Select
        label="Engine"
        value="mesh"
        options={[
          { value: 'mesh', label: 'Mesh swap, built in' },
          { value: 'neural', label: 'Neural swap', unavailable: 'needs its weights installed' },
        ]}
        onChange={() => undefined}
      />
      <Slider
        label="Opacity"
        value={look().opacity}
        fallback={DEFAULT_LOOK.opacity}
        onChange={(opacity) => change({ opacity })}
      />
      <Slider
        label="Face shape"
        ends={['Mine', 'Character’s']}
        value={look().shape}
        fallback={DEFAULT_LOOK.shape}
        onChange={(shape) => change({ shape })}
      />
    </Group>
  )
}

function EdgeGroup() {
  const { look, change } = useLook()
  return (
    <Group name="Edge and colour">
      <Slider
        label="Edge softness"
        value={look().edgeSoftness}
        fallback={DEFAULT_LOOK.edgeSoftness}
        onChange={(edgeSoftness) => change({ edgeSoftness })}
      />
      <Slider
        label="Colour match"
        ends={['Character’s', 'Scene’s']}
        value={look().colourMatch}
        fallback={DEFAULT_LOOK.colourMatch}
        onChange={(colourMatch) => change({ colourMatch })}
      />
      <Slider
        label="Sharpness"
        value={look().sharpness}
        fallback={DEFAULT_LOOK.sharpness}
        onChange={(sharpness) => change({ sharpness })}
      />
    </Group>
  )
}

function KeepGroup() {
  const { look, change } = useLook()
  return (
    <Group name="Keep mine">
      <Switch label="Keep my own eyes" checked={look().ownEyes} onChange={(ownEyes) => change({ ownEyes })} />
      <Switch
        label="Keep my own mouth"
        hint="Inside an open mouth it is always yours."
        checked={look().ownMouth}
        onChange={(ownMouth) => change({ ownMouth })}
      />
    </Group>
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

function TrackingGroup() {
  const { look, change } = useLook()
  return (
    <Group name="Tracking">
      <Slider
        label="Smoothing"
        ends={['Quick', 'Calm']}
        value={look().smoothing}
        fallback={DEFAULT_LOOK.smoothing}
        onChange={(smoothing) => change({ smoothing })}
      />
      <Select
        label="When a face is lost"
        value={look().onLoss}
        options={[
          { value: 'plain', label: 'Show the plain picture' },
          { value: 'hide', label: 'Blur the face' },
          { value: 'freeze', label: 'Freeze the last picture' },
        ]}
        onChange={(onLoss) => change({ onLoss })}
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

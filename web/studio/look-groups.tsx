import type { JSX } from 'solid-js'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import type { StoredLook } from '../settings/schema'
import { Select, Switch } from '../ui/choice'
import { Slider } from '../ui/slider'
import { BadgeChoice } from './badge-choice'

export interface LookProps {
  readonly look: StoredLook
  readonly onChange: (changes: Partial<StoredLook>) => void
  /** A clip shows somebody else, and knows what comes: some words and choices differ. */
  readonly isClip?: boolean
}

/** How the face is put on: the parts of the look that Live and clips have in common, in the user's words. */
export function LookGroups(props: LookProps & { readonly children?: JSX.Element }) {
  return (
    <>
      <SwapGroup {...props} />
      <EdgeGroup {...props} />
      <KeepGroup {...props} />
      {props.children}
      <TrackingGroup {...props} />
    </>
  )
}

/** A part of an inspector that can be folded away. */
export function Group(props: {
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

function SwapGroup(props: LookProps) {
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
        value={props.look.opacity}
        fallback={DEFAULT_LOOK.opacity}
        onChange={(opacity) => props.onChange({ opacity })}
      />
      <Slider
        label="Face shape"
        ends={[props.isClip ? 'As filmed' : 'Mine', 'Character’s']}
        value={props.look.shape}
        fallback={DEFAULT_LOOK.shape}
        onChange={(shape) => props.onChange({ shape })}
      />
    </Group>
  )
}

function EdgeGroup(props: LookProps) {
  return (
    <Group name="Edge and colour">
      <Slider
        label="Edge softness"
        value={props.look.edgeSoftness}
        fallback={DEFAULT_LOOK.edgeSoftness}
        onChange={(edgeSoftness) => props.onChange({ edgeSoftness })}
      />
      <Slider
        label="Colour match"
        ends={['Character’s', 'Scene’s']}
        value={props.look.colourMatch}
        fallback={DEFAULT_LOOK.colourMatch}
        onChange={(colourMatch) => props.onChange({ colourMatch })}
      />
      <Slider
        label="Sharpness"
        value={props.look.sharpness}
        fallback={DEFAULT_LOOK.sharpness}
        onChange={(sharpness) => props.onChange({ sharpness })}
      />
    </Group>
  )
}

function KeepGroup(props: LookProps) {
  const own = () => (props.isClip ? 'the filmed' : 'my own')
  return (
    <Group name={props.isClip ? 'Keep as filmed' : 'Keep mine'}>
      <Switch
        label={`Keep ${own()} eyes`}
        checked={props.look.ownEyes}
        onChange={(ownEyes) => props.onChange({ ownEyes })}
      />
      <Switch
        label={`Keep ${own()} mouth`}
        hint={
          props.isClip ? 'Inside an open mouth it always stays.' : 'Inside an open mouth it is always yours.'
        }
        checked={props.look.ownMouth}
        onChange={(ownMouth) => props.onChange({ ownMouth })}
      />
    </Group>
  )
}

function TrackingGroup(props: LookProps) {
  return (
    <Group name="Tracking">
      <Slider
        label="Smoothing"
        ends={['Quick', 'Calm']}
        value={props.look.smoothing}
        fallback={DEFAULT_LOOK.smoothing}
        onChange={(smoothing) => props.onChange({ smoothing })}
      />
      <Select
        label="When a face is lost"
        value={props.look.onLoss}
        options={[
          { value: 'plain', label: 'Show the plain picture' },
          { value: 'hide', label: 'Blur the face' },
          { value: 'freeze', label: 'Freeze the last picture' },
        ]}
        onChange={(onLoss) => props.onChange({ onLoss })}
      />
    </Group>
  )
}

export function BadgeGroup(props: LookProps) {
  return (
    <Group name="Badge">
      <BadgeChoice
        badge={props.look.badge}
        hint={
          props.isClip
            ? 'Drawn into every frame of the result.'
            : 'Drawn into the picture, snapshots and the output.'
        }
        onChange={(badge) => props.onChange({ badge })}
      />
    </Group>
  )
}

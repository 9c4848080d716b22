import Camera from 'lucide-solid/icons/camera'
import Columns from 'lucide-solid/icons/columns-2'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Maximize from 'lucide-solid/icons/maximize'
import Pip from 'lucide-solid/icons/picture-in-picture-2'
import Play from 'lucide-solid/icons/play'
import Sliders from 'lucide-solid/icons/sliders-horizontal'
import Square from 'lucide-solid/icons/square'
import SwitchCamera from 'lucide-solid/icons/switch-camera'
import Mirror from 'lucide-solid/icons/triangles-centerline-dashed-vertical'
import Mesh from 'lucide-solid/icons/waypoints'
import { Show } from 'solid-js'
import { OutputMenu } from '../output/output-menu'
import { canFullScreen, canPictureInPicture, fullScreen, pictureInPicture } from '../output/windows'
import { RecordButton } from '../recording/record-button'
import { RecordingChoices } from '../recording/recording-choices'
import { Button, IconButton } from '../ui/button'
import { CompareButton } from '../ui/compare-button'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'

/** Starting, stopping and everything that is done with the picture as a whole. */
export function Transport(props: { readonly isCompact: boolean }) {
  const { studio, settings, isInspectorOpen, showInspector } = useUnderstudy()
  return (
    <Show
      when={props.isCompact}
      fallback={
        <div class="transport" role="toolbar" aria-label="Transport">
          <div class="cluster">
            <ViewButtons />
          </div>
          <div class="cluster cluster-main">
            <StartButton />
            <RecordButton />
            <SnapshotButton />
          </div>
          <div class="cluster cluster-end">
            <OutputButtons />
          </div>
        </div>
      }
    >
      <div class="transport" role="toolbar" aria-label="Transport">
        <IconButton
          icon={Sliders}
          label="Adjust"
          pressed={isInspectorOpen()}
          onClick={() => showInspector((open) => !open)}
        />
        <IconButton
          icon={SwitchCamera}
          label="Other side of the device"
          disabled={settings.settings.input !== 'camera'}
          onClick={() => void studio.flip()}
        />
        <StartButton isRound />
        <RecordButton isRound />
        <SnapshotButton />
        <Popover icon={Ellipsis} label="More">
          <div class="more-menu">
            <ViewButtons />
            <OutputButtons />
            <hr />
            <RecordingChoices />
          </div>
        </Popover>
      </div>
    </Show>
  )
}

function StartButton(props: { readonly isRound?: boolean }) {
  const { studio, toggle } = useUnderstudy()
  const label = () => (studio.isRunning() ? 'Stop' : 'Start')
  return (
    <Button
      look={studio.isRunning() ? 'plain' : 'primary'}
      class={props.isRound ? 'start is-round' : 'start'}
      icon={studio.isRunning() ? Square : Play}
      aria-keyshortcuts="Space"
      title={`${label()} (Space)`}
      aria-label={label()}
      onClick={() => void toggle()}
    >
      <Show when={!props.isRound}>{label()}</Show>
    </Button>
  )
}

function SnapshotButton() {
  const { studio, saveSnapshot } = useUnderstudy()
  return (
    <IconButton
      icon={Camera}
      look="plain"
      label="Save a snapshot"
      shortcut="S"
      disabled={!studio.state.stats}
      onClick={() => void saveSnapshot()}
    />
  )
}

function ViewButtons() {
  const { studio, settings } = useUnderstudy()
  const { state } = studio
  return (
    <>
      <CompareButton
        label="Hold to see the picture before"
        isComparing={state.comparing}
        onCompare={studio.compare}
      />
      <IconButton
        icon={Columns}
        label="Split into before and after"
        shortcut="D"
        pressed={state.split !== undefined}
        onClick={() => studio.setSplit(state.split === undefined ? 0.5 : undefined)}
      />
      <IconButton
        icon={Mirror}
        label="Mirror"
        shortcut="M"
        pressed={settings.settings.look.mirror}
        onClick={() => settings.changeLook({ mirror: !settings.settings.look.mirror })}
      />
      <IconButton
        icon={Mesh}
        label="Show the mesh"
        shortcut="G"
        pressed={state.showMesh}
        onClick={() => studio.setShowMesh(!state.showMesh)}
      />
    </>
  )
}

function OutputButtons() {
  const { studio, complain } = useUnderstudy()
  return (
    <>
      <Show when={canPictureInPicture}>
        <IconButton
          icon={Pip}
          label="Picture in picture"
          shortcut="P"
          disabled={!studio.state.stats}
          onClick={() => void pictureInPicture(studio.output).catch(complain)}
        />
      </Show>
      <OutputMenu />
      <Show when={canFullScreen}>
        <IconButton
          icon={Maximize}
          label="Full screen"
          shortcut="F"
          onClick={() => void fullScreen().catch(complain)}
        />
      </Show>
    </>
  )
}

import ChevronFirst from 'lucide-solid/icons/chevron-first'
import ChevronLast from 'lucide-solid/icons/chevron-last'
import Columns from 'lucide-solid/icons/columns-2'
import FolderOpen from 'lucide-solid/icons/folder-open'
import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import Save from 'lucide-solid/icons/save'
import Sliders from 'lucide-solid/icons/sliders-horizontal'
import StepBack from 'lucide-solid/icons/step-back'
import StepForward from 'lucide-solid/icons/step-forward'
import Wand from 'lucide-solid/icons/wand-sparkles'
import { Show } from 'solid-js'
import { Button, IconButton } from '../ui/button'
import { CompareButton } from '../ui/compare-button'
import { useClips } from './clips-context'
import { roughly } from './times'

/** Going through the clip, judging it, and the button that all of this is for. */
export function ClipTransport(props: { readonly isCompact: boolean }) {
  const { isPanelOpen, showPanel, pick } = useClips()
  return (
    <Show
      when={props.isCompact}
      fallback={
        <div class="transport" role="toolbar" aria-label="Transport">
          <div class="cluster">
            <ViewButtons />
          </div>
          <div class="cluster cluster-main">
            <PlayButtons />
          </div>
          <div class="cluster cluster-end">
            <SwapButton />
          </div>
        </div>
      }
    >
      <div class="transport" role="toolbar" aria-label="Transport">
        <IconButton
          icon={Sliders}
          label="Faces, look, export and queue"
          pressed={isPanelOpen()}
          onClick={() => showPanel((open) => !open)}
        />
        <IconButton icon={FolderOpen} label="Open a clip or a picture" onClick={() => void pick()} />
        <PlayButton />
        <Compare />
        <SwapButton isShort />
      </div>
    </Show>
  )
}

function Compare() {
  const { viewer } = useClips()
  return (
    <CompareButton
      label="Hold to see it as it was filmed"
      disabled={viewer.state.phase.name !== 'open'}
      isComparing={viewer.state.comparing}
      onCompare={viewer.compare}
    />
  )
}

function ViewButtons() {
  const { viewer } = useClips()
  return (
    <>
      <Compare />
      <IconButton
        icon={Columns}
        label="Split into before and after"
        shortcut="D"
        disabled={viewer.state.phase.name !== 'open'}
        pressed={viewer.state.split !== undefined}
        onClick={() => viewer.setSplit(viewer.state.split === undefined ? 0.5 : undefined)}
      />
    </>
  )
}

function PlayButton() {
  const { viewer, isClip, togglePlay } = useClips()
  const label = () => (viewer.state.isPlaying ? 'Pause' : 'Play')
  return (
    <IconButton
      icon={viewer.state.isPlaying ? Pause : Play}
      look="plain"
      class="play"
      label={label()}
      shortcut="Space"
      disabled={!isClip()}
      onClick={togglePlay}
    />
  )
}

function PlayButtons() {
  const { isClip, toStart, toEnd, stepBy } = useClips()
  return (
    <>
      <IconButton
        icon={ChevronFirst}
        label="To the beginning"
        shortcut="Home"
        disabled={!isClip()}
        onClick={toStart}
      />
      <IconButton
        icon={StepBack}
        label="One frame back"
        shortcut="ArrowLeft"
        disabled={!isClip()}
        onClick={() => stepBy({ frames: -1 })}
      />
      <PlayButton />
      <IconButton
        icon={StepForward}
        label="One frame on"
        shortcut="ArrowRight"
        disabled={!isClip()}
        onClick={() => stepBy({ frames: 1 })}
      />
      <IconButton icon={ChevronLast} label="To the end" shortcut="End" disabled={!isClip()} onClick={toEnd} />
    </>
  )
}

/** Swap for a clip, Save for a still. Why it cannot be pressed is written beside it. */
function SwapButton(props: { readonly isShort?: boolean }) {
  const { current, viewer, whyNot, secondsFor, send, saveAndDownload, isSaving } = useClips()
  const reason = () => {
    const draft = current()
    return draft ? whyNot(draft) : 'Open a clip or a picture first.'
  }
  const isStill = () => current()?.kind === 'still'
  const note = () => {
    const draft = current()
    if (!draft) return ''
    const why = whyNot(draft)
    if (why) return why
    const seconds = isStill() ? undefined : secondsFor(draft)
    return seconds === undefined ? '' : roughly(seconds)
  }
  const isOff = () => reason() !== undefined || viewer.state.phase.name !== 'open'
  return (
    <>
      <Show when={!props.isShort}>
        <span class="swap-note">{note()}</span>
      </Show>
      <Show
        when={isStill()}
        fallback={
          <Button
            look="primary"
            class="swap"
            icon={Wand}
            disabled={isOff()}
            title={reason() ?? 'Swap every frame and put the result in the library'}
            onClick={() => void send()}
          >
            Swap
          </Button>
        }
      >
        <Button
          look="primary"
          class="swap"
          icon={Save}
          disabled={isOff() || isSaving()}
          title={reason() ?? 'Save the picture at its full size'}
          onClick={() => void saveAndDownload()}
        >
          Save
        </Button>
      </Show>
    </>
  )
}

import { createEffect, Index, Show } from 'solid-js'
import type { SeenFace } from '../../workers/studio/studio-api'
import { RecordingChip } from '../recording/recording-chip'
import { useUnderstudy } from '../understudy'
import { SplitHandle } from './split-handle'
import { StageCurtain } from './stage-curtain'
import './stage.css'

/** The picture, letterboxed in the space it always has, and what can be touched on it. */
export function Stage() {
  const { studio, settings } = useUnderstudy()
  const { state } = studio
  let picture: HTMLDivElement | undefined

  // Kept when the numbers stop, as the last picture is kept too.
  createEffect(() => {
    const { width = 0, height = 0 } = state.stats?.frame ?? {}
    if (width > 0 && height > 0) picture?.style.setProperty('--aspect', String(width / height))
  })
  const isLive = () => state.phase.name === 'live'
  const isPicking = () => settings.settings.look.faces === 'chosen' && isLive()

  return (
    <div class="stage" id="stage" classList={{ 'is-live': isLive() }}>
      <div ref={picture} class="picture">
        <div class="canvas" role="img" aria-label={isLive() ? 'Live output' : 'Output, not running'}>
          {studio.canvas()}
        </div>
        <Show when={isPicking()}>
          <Index each={state.stats?.faces ?? []}>
            {(face) => <FaceBox face={face()} isMirrored={settings.settings.look.mirror} />}
          </Index>
        </Show>
        <Show when={isLive() && !state.comparing && state.split}>
          {(split) => <SplitHandle value={split()} onChange={studio.setSplit} />}
        </Show>
        <Show when={state.comparing}>
          <span class="chip before">Before</span>
        </Show>
      </div>
      <StageCurtain />
      <RecordingChip />
    </div>
  )
}

/** A face to click on. It moves four times a second; the transition makes that look like more. */
function FaceBox(props: { readonly face: SeenFace; readonly isMirrored: boolean }) {
  const { studio } = useUnderstudy()
  let button: HTMLButtonElement | undefined
  createEffect(() => {
    const { x, y, width, height } = props.face.box
    button?.style.setProperty('--x', String(props.isMirrored ? 1 - x - width : x))
    button?.style.setProperty('--y', String(y))
    button?.style.setProperty('--w', String(width))
    button?.style.setProperty('--h', String(height))
  })
  const isChosen = () => studio.state.chosenFace === props.face.id
  return (
    <button
      ref={button}
      type="button"
      class="face-box"
      aria-pressed={isChosen()}
      aria-label={`Swap face ${props.face.id}`}
      onClick={() => void studio.chooseFace(props.face.id)}
    >
      <span class="chip">{isChosen() ? 'Chosen' : 'Swap this face'}</span>
    </button>
  )
}

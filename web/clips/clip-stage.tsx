import { createEffect, Show } from 'solid-js'
import { SplitHandle } from '../studio/split-handle'
import '../studio/stage.css'
import { ClipCurtain } from './clip-curtain'
import { useClips } from './clips-context'
import { spoken } from './times'

/** The picture of one moment, letterboxed in the space it always has. */
export function ClipStage() {
  const { viewer } = useClips()
  const { state } = viewer
  let picture: HTMLDivElement | undefined
  const isOpen = () => state.phase.name === 'open'

  createEffect(() => {
    const { phase } = state
    if (phase.name !== 'open') return
    const { width, height } = phase.opened.kind === 'clip' ? phase.opened.info.video : phase.opened
    picture?.style.setProperty('--aspect', String(width / height))
  })
  const label = () => {
    if (!isOpen()) return 'No clip is open'
    const faces = `${state.faces} ${state.faces === 1 ? 'face' : 'faces'}`
    return `Preview at ${spoken(state.shownS)}, ${faces}`
  }
  return (
    <div class="stage" aria-busy={state.isBusy}>
      <div ref={picture} class="picture">
        <div class="canvas" role="img" aria-label={label()}>
          {viewer.canvas()}
        </div>
        <Show when={isOpen() && !state.comparing && state.split}>
          {(split) => <SplitHandle value={split()} onChange={viewer.setSplit} />}
        </Show>
        <Show when={state.comparing}>
          <span class="chip before">Before</span>
        </Show>
        <Show when={isOpen() && !state.comparing && state.faces === 0 && !state.isBusy}>
          <span class="chip no-face">No face is found in this picture</span>
        </Show>
      </div>
      <ClipCurtain />
    </div>
  )
}

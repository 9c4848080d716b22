import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import type { ClipInfo } from '../../workers/media/clip-info'
import { Button, IconButton } from '../ui/button'
import { Segmented } from '../ui/choice'
import { useClips } from './clips-context'
import { spanOf } from './draft'
import { timecode } from './times'

/** Where the part to swap begins and ends, and what becomes of the rest. */
export function MarksBar(props: { readonly info: ClipInfo }) {
  const { current, bin, playhead, beginHere, endHere, clearMarks } = useClips()
  const span = () => {
    const draft = current()
    return draft && spanOf(draft)
  }
  const fromStart = (timeS: number) => timecode(timeS - props.info.fromS)
  const inS = () => span()?.fromS ?? props.info.fromS
  const outS = () => span()?.toS ?? props.info.toS
  return (
    <div class="marks-bar">
      <p class="clock">
        <b>{fromStart(playhead())}</b> <span>/ {timecode(props.info.toS - props.info.fromS)}</span>
      </p>
      <div class="marks">
        <Button
          look="ghost"
          aria-keyshortcuts="I"
          title="Begin here (I)"
          aria-label={`Begin at the playhead. Now ${fromStart(inS())}`}
          onClick={beginHere}
        >
          <span class="mark-name">Begin</span> <b>{fromStart(inS())}</b>
        </Button>
        <Button
          look="ghost"
          aria-keyshortcuts="O"
          title="End here (O)"
          aria-label={`End at the playhead. Now ${fromStart(outS())}`}
          onClick={endHere}
        >
          <span class="mark-name">End</span> <b>{fromStart(outS())}</b>
        </Button>
        <span class="marks-length">
          <span class="mark-name">Length</span> <b>{timecode(outS() - inS())}</b>
        </span>
        <IconButton
          icon={X}
          label="Clear the marks: the whole clip"
          class={span() ? '' : 'is-unseen'}
          disabled={!span()}
          onClick={clearMarks}
        />
      </div>
      <Show when={span()}>
        <div class="outside-choice">
          <Segmented
            label="Outside of the marks"
            isBare
            value={current()?.outside ?? 'cut'}
            options={[
              { value: 'cut', label: 'Leave the rest out' },
              { value: 'keep', label: 'Keep it as filmed' },
            ]}
            onChange={(outside) => bin.set(bin.state.currentId, { outside })}
          />
        </div>
      </Show>
    </div>
  )
}

import ChevronsLeftRight from 'lucide-solid/icons/chevrons-left-right'
import { createEffect } from 'solid-js'
import { Glyph } from '../ui/button'

interface SplitHandleProps {
  readonly value: number // 0..1 of the shown width; left of it is before
  readonly onChange: (value: number) => void
}

const STEP = 0.02

/** The line between before and after: dragged on the picture, or moved with the arrow keys. */
export function SplitHandle(props: SplitHandleProps) {
  let handle: HTMLDivElement | undefined
  const move = (share: number) => props.onChange(Math.min(0.99, Math.max(0.01, share)))
  createEffect(() => handle?.style.setProperty('--split', `${props.value * 100}%`))

  const drag = (event: PointerEvent) => {
    const bounds = handle?.parentElement?.getBoundingClientRect()
    if (bounds && handle?.hasPointerCapture(event.pointerId))
      move((event.clientX - bounds.left) / bounds.width)
  }
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP }[event.key]
    if (!by) return
    event.preventDefault()
    move(props.value + by)
  }

  return (
    <div
      ref={handle}
      class="split"
      role="slider"
      tabIndex={0}
      aria-label="Before and after"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(props.value * 100)}
      onPointerDown={(event) => handle?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={key}
      onDblClick={() => move(0.5)}
    >
      <span class="chip split-before">Before</span>
      <span class="split-grip">
        <Glyph icon={ChevronsLeftRight} />
      </span>
      <span class="chip split-after">After</span>
    </div>
  )
}

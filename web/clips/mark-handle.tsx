import { spoken } from './times'

interface MarkHandleProps {
  readonly end: 'in' | 'out'
  readonly label: string
  /** From the clip's beginning. */
  readonly timeS: number
  readonly lengthS: number
  /** The moment under a pointer, on the clip's own clock. */
  readonly timeAt: (clientX: number) => number
  readonly onMove: (timeS: number) => void
  readonly onNudge: (frames: number) => void
}

/** An end of the marked part: dragged along the strip, or moved frame by frame with the arrow keys. */
export function MarkHandle(props: MarkHandleProps) {
  let handle: HTMLDivElement | undefined
  const drag = (event: PointerEvent) => {
    if (handle?.hasPointerCapture(event.pointerId)) props.onMove(props.timeAt(event.clientX))
  }
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation() // here the arrows move the mark, not the playhead
    props.onNudge(event.shiftKey ? 10 * by : by)
  }
  return (
    <div
      ref={handle}
      class={`trim trim-${props.end}`}
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.lengthS}
      aria-valuenow={props.timeS}
      aria-valuetext={spoken(props.timeS)}
      title={`${props.label}: drag it, or move it with the arrow keys`}
      onPointerDown={(event) => handle?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={key}
    />
  )
}

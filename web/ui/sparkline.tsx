import { createMemo } from 'solid-js'

interface SparklineProps {
  readonly label: string
  readonly values: readonly number[]
  /** How many values the width stands for; fewer start at the right. */
  readonly capacity: number
  readonly max: number
}

/** A line of recent values, newest at the right. */
export function Sparkline(props: SparklineProps) {
  const path = createMemo(() => {
    const { values, capacity, max } = props
    const x = (i: number) => (100 * (capacity - values.length + i)) / (capacity - 1)
    const y = (value: number) => 24 - 23 * Math.min(1, value / (max || 1))
    return values.map((value, i) => `${i ? 'L' : 'M'}${x(i).toFixed(2)} ${y(value).toFixed(2)}`).join('')
  })
  return (
    <svg
      class="sparkline"
      viewBox="0 0 100 25"
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path d="M0 24.5H100" class="sparkline-base" />
      <path d={path()} class="sparkline-line" />
    </svg>
  )
}

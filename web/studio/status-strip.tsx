import Activity from 'lucide-solid/icons/activity'
import { Show } from 'solid-js'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'
import { engineInWords } from './engine-in-words'
import { StageTimes } from './stage-times'

/** The numbers that matter, in one line that never moves. On a phone it lies over the picture and says less. */
export function StatusStrip(props: { readonly isCompact: boolean }) {
  const { studio } = useUnderstudy()
  const { state } = studio
  const stats = () => state.stats
  const phase = () => WORDS[state.phase.name]
  return (
    <div class="status-strip">
      <span class="status-phase" data-phase={state.phase.name}>
        <span class="dot" />
        {phase()}
      </span>
      <Figure label="Frame rate" value={stats()?.fps.toFixed(1)} unit="fps" width="4ch" isBare />
      <Figure label="Latency p50" value={stats()?.latencyMs.p50.toFixed(0)} unit="ms" width="3ch" isMinor />
      <Figure label="p95" value={stats()?.latencyMs.p95.toFixed(0)} unit="ms" width="3ch" />
      <Figure label="Dropped" value={stats()?.dropped.toString()} width="3ch" isMinor />
      <span class="status-engine" title="Engine · compositor · execution provider">
        {engineInWords(stats(), state.capabilities)}
      </span>
      <Show when={state.capabilities}>
        <Popover icon={Activity} label="Stage times" isWide={!props.isCompact}>
          <StageTimes />
        </Popover>
      </Show>
    </div>
  )
}

const WORDS = {
  opening: 'Loading',
  idle: 'Ready',
  starting: 'Starting',
  live: 'Live',
  resting: 'Resting',
  waiting: 'No camera',
  failed: 'Stopped',
} as const

interface FigureProps {
  readonly label: string
  readonly value: string | undefined
  readonly unit?: string
  /** Space kept for the value, so that nothing moves when it changes. */
  readonly width: string
  readonly isMinor?: boolean
  readonly isBare?: boolean
}

function Figure(props: FigureProps) {
  return (
    <span
      class="figure"
      classList={{ 'is-minor': props.isMinor ?? false }}
      ref={(element) => element.style.setProperty('--width', props.width)}
    >
      <span classList={{ 'visually-hidden': props.isBare ?? false }}>{props.label}</span>
      <b>{props.value ?? '–'}</b>
      <Show when={props.unit}>
        <span>{props.unit}</span>
      </Show>
    </span>
  )
}

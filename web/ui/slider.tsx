import Reset from 'lucide-solid/icons/rotate-ccw'
import { createEffect, createUniqueId, Show } from 'solid-js'
import { Glyph } from './button'

interface SliderProps {
  readonly label: string
  readonly value: number // 0..1
  readonly fallback: number
  /** What the two ends mean, where a percentage alone says little. */
  readonly ends?: readonly [string, string]
  readonly hint?: string
  readonly disabled?: boolean
  readonly onChange: (value: number) => void
}

const percent = (share: number) => Math.round(share * 100)

/** Shows its value in per cent; a double click, or the button that appears, brings the default back. */
export function Slider(props: SliderProps) {
  const id = createUniqueId()
  let input: HTMLInputElement | undefined
  const isChanged = () => percent(props.value) !== percent(props.fallback)
  const reset = () => props.onChange(props.fallback)
  createEffect(() => {
    input?.style.setProperty('--fill', `${percent(props.value)}%`)
    input?.style.setProperty('--fallback', `${percent(props.fallback)}%`)
  })
  return (
    <div class="field slider" classList={{ 'is-disabled': props.disabled ?? false }}>
      <label for={id}>{props.label}</label>
      <Show when={isChanged()}>
        <button
          type="button"
          class="slider-reset"
          aria-label={`Reset ${props.label}`}
          title={`Reset to ${percent(props.fallback)} %`}
          onClick={reset}
        >
          <Glyph icon={Reset} size={14} />
        </button>
      </Show>
      <output for={id} class="value">
        {percent(props.value)}
        <span class="unit"> %</span>
      </output>
      <input
        ref={input}
        id={id}
        type="range"
        min="0"
        max="100"
        step="1"
        value={percent(props.value)}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        aria-valuetext={`${percent(props.value)} %`}
        onInput={(event) => props.onChange(event.currentTarget.valueAsNumber / 100)}
        onDblClick={reset}
      />
      <Show when={props.ends}>
        {(ends) => (
          <div class="ends" aria-hidden="true">
            <span>{ends()[0]}</span>
            <span>{ends()[1]}</span>
          </div>
        )}
      </Show>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="hint">
          {props.hint}
        </p>
      </Show>
    </div>
  )
}

import ChevronDown from 'lucide-solid/icons/chevron-down'
import { createEffect, createUniqueId, For, Show } from 'solid-js'
import { Glyph, type Icon } from './button'

export interface Option<T extends string> {
  readonly value: T
  readonly label: string
  readonly icon?: Icon
  /** Why it cannot be chosen, and what would change that. */
  readonly unavailable?: string
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly Option<T>[]
  readonly hint?: string
  readonly onChange: (value: T) => void
}

/** A native select: it is the one every keyboard and every phone knows. */
export function Select<T extends string>(props: ChoiceProps<T> & { readonly isBare?: boolean }) {
  const id = createUniqueId()
  let select: HTMLSelectElement | undefined
  // Again whenever the options change: cameras are known late.
  createEffect(() => {
    const { options, value } = props
    if (select && options.length > 0) select.value = value
  })
  return (
    <div class="field select-field" classList={{ 'is-bare': props.isBare ?? false }}>
      <label for={id} classList={{ 'visually-hidden': props.isBare ?? false }}>
        {props.label}
      </label>
      <div class="select">
        <select
          ref={select}
          id={id}
          title={props.isBare ? props.label : undefined}
          aria-describedby={props.hint ? `${id}-hint` : undefined}
          onChange={(event) => {
            const chosen = props.options.find(({ value }) => value === event.currentTarget.value)
            if (chosen) props.onChange(chosen.value)
            event.currentTarget.value = props.value // what was not accepted is not shown
          }}
        >
          <For each={props.options}>
            {(option) => (
              <option
                value={option.value}
                selected={option.value === props.value}
                disabled={option.unavailable !== undefined}
              >
                {option.unavailable ? `${option.label} (${option.unavailable})` : option.label}
              </option>
            )}
          </For>
        </select>
        <Glyph icon={ChevronDown} size={16} />
      </div>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="hint">
          {props.hint}
        </p>
      </Show>
    </div>
  )
}

/** A few choices side by side; arrow keys move between them, as radio buttons do. */
export function Segmented<T extends string>(props: ChoiceProps<T> & { readonly isBare?: boolean }) {
  const name = createUniqueId()
  return (
    <fieldset class="field segmented-field" classList={{ 'is-bare': props.isBare ?? false }}>
      <legend classList={{ 'visually-hidden': props.isBare ?? false }}>{props.label}</legend>
      <div class="segmented">
        <For each={props.options}>
          {(option) => (
            <label title={option.unavailable}>
              <input
                type="radio"
                name={name}
                value={option.value}
                checked={option.value === props.value}
                disabled={option.unavailable !== undefined}
                onChange={() => props.onChange(option.value)}
              />
              <span>
                <Show when={option.icon}>{(icon) => <Glyph icon={icon()} size={16} />}</Show>
                {option.label}
              </span>
            </label>
          )}
        </For>
      </div>
      <Show when={props.hint}>
        <p class="hint">{props.hint}</p>
      </Show>
    </fieldset>
  )
}

interface SwitchProps {
  readonly label: string
  readonly checked: boolean
  readonly hint?: string
  readonly onChange: (checked: boolean) => void
}

export function Switch(props: SwitchProps) {
  const id = createUniqueId()
  return (
    <div class="field switch-field">
      <label class="switch" for={id}>
        <span>{props.label}</span>
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={props.checked}
          aria-checked={props.checked}
          aria-describedby={props.hint ? `${id}-hint` : undefined}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      </label>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="hint">
          {props.hint}
        </p>
      </Show>
    </div>
  )
}

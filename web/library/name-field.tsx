import { Show } from 'solid-js'

interface NameFieldProps {
  readonly name: string
  readonly isRenaming: boolean
  readonly onRename: (name: string) => void
  readonly onCancel: () => void
}

/** A name, or the field it is changed in: Enter and leaving it keep the change, Escape does not. */
export function NameField(props: NameFieldProps) {
  let isCancelled = false // the field loses its focus when it goes
  const begin = (input: HTMLInputElement) => {
    isCancelled = false
    queueMicrotask(() => {
      input.focus()
      input.select()
    })
  }
  return (
    <Show
      when={props.isRenaming}
      fallback={
        <strong class="item-name" title={props.name}>
          {props.name}
        </strong>
      }
    >
      <input
        ref={begin}
        class="item-name-field"
        aria-label="Name"
        value={props.name}
        maxLength={120}
        onBlur={({ currentTarget }) => !isCancelled && props.onRename(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key !== 'Escape') return
          event.preventDefault() // it closes no dialog around it
          event.stopPropagation()
          isCancelled = true
          props.onCancel()
        }}
      />
    </Show>
  )
}

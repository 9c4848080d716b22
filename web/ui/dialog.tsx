import X from 'lucide-solid/icons/x'
import { createEffect, createUniqueId, type JSX, Show } from 'solid-js'
import { IconButton } from './button'

interface DialogProps {
  readonly open: boolean
  readonly title: string
  readonly onClose: () => void
  /** A drawer comes from the side; on a phone both come from below. */
  readonly kind?: 'dialog' | 'drawer'
  /** An answer is needed: no cross, no click beside it. Escape still leaves. */
  readonly isQuestion?: boolean
  readonly children: JSX.Element
}

/** The browser's own modal: it keeps focus inside and gives it back to whatever opened it. */
export function Dialog(props: DialogProps) {
  const id = createUniqueId()
  let dialog: HTMLDialogElement | undefined
  createEffect(() => {
    if (props.open && !dialog?.open) dialog?.showModal()
    else if (!props.open && dialog?.open) dialog.close()
  })
  const close = () => dialog?.close()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog is a shortcut; Escape and the cross do the same
    <dialog
      ref={dialog}
      class={props.kind ?? 'dialog'}
      aria-labelledby={id}
      onClose={() => props.open && props.onClose()} // it may have been closed from outside
      onClick={(event) => event.target === dialog && !props.isQuestion && close()}
    >
      <Show when={props.open}>
        <div class="dialog-body">
          <header>
            <h2 id={id}>{props.title}</h2>
            <Show when={!props.isQuestion}>
              <IconButton icon={X} label="Close" onClick={close} />
            </Show>
          </header>
          {props.children}
        </div>
      </Show>
    </dialog>
  )
}

import { createSignal, createUniqueId, type JSX, onCleanup, Show } from 'solid-js'
import { Button, type Icon, IconButton } from './button'

interface PopoverProps {
  readonly label: string
  readonly icon: Icon
  /** Shows the label beside the icon. */
  readonly isWide?: boolean
  readonly class?: string
  readonly children: JSX.Element | ((close: () => void) => JSX.Element)
}

const GAP = 8 // px

/** A button and the panel it opens beside itself. The browser closes it on Escape and on a click elsewhere. */
export function Popover(props: PopoverProps) {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  let panel: HTMLDivElement | undefined
  let anchor: HTMLSpanElement | undefined

  const place = () => {
    if (!panel || !anchor) return
    const at = anchor.getBoundingClientRect()
    const { width, height } = panel.getBoundingClientRect()
    const left = Math.min(Math.max(GAP, at.left + at.width / 2 - width / 2), innerWidth - width - GAP)
    const above = at.top - height - GAP
    panel.style.left = `${left}px`
    panel.style.top = `${above >= GAP ? above : Math.min(at.bottom + GAP, innerHeight - height - GAP)}px`
  }
  // It may grow while open, and the window may turn.
  const resized = new ResizeObserver(place)
  onCleanup(() => resized.disconnect())
  const toggled = (event: Event & { readonly newState?: string }) => {
    setOpen(event.newState === 'open')
    if (!panel) return
    if (isOpen()) resized.observe(panel)
    else resized.disconnect()
  }

  return (
    <span class="popover-anchor" ref={anchor}>
      <Show
        when={props.isWide}
        fallback={
          <IconButton
            icon={props.icon}
            label={props.label}
            class={props.class ?? ''}
            popovertarget={id}
            aria-expanded={isOpen()}
          />
        }
      >
        <Button
          icon={props.icon}
          look="ghost"
          class={props.class ?? ''}
          popovertarget={id}
          aria-expanded={isOpen()}
        >
          {props.label}
        </Button>
      </Show>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="popover"
        role="dialog"
        aria-label={props.label}
        on:toggle={toggled}
      >
        <Show when={isOpen()}>
          {typeof props.children === 'function' ? props.children(() => panel?.hidePopover()) : props.children}
        </Show>
      </div>
    </span>
  )
}

import { onCleanup } from 'solid-js'

/** What a key does on a page that is a `Page`. */
export interface Shortcut<Page> {
  /** As `KeyboardEvent.key` has it, lower case. */
  readonly keys: readonly string[]
  /** How the help sheet writes it. */
  readonly shown: string
  readonly does: string
  /** Held down it goes on. */
  readonly repeats?: boolean
  readonly press: (page: Page, event: KeyboardEvent) => unknown
  readonly release?: (page: Page) => unknown
}

export interface KeysOptions {
  /** Whether the page is the one in view. */
  readonly isShown: () => boolean
  /** The window lost the keyboard: releases go elsewhere. */
  readonly onBlur: () => void
  readonly onError: (error: unknown) => void
}

/** Obeys the keys while the page is shown, but never while someone types, has a dialog open or means a browser command. */
export function createKeys<Page>(
  shortcuts: readonly Shortcut<Page>[],
  page: Page,
  { isShown, onBlur, onError }: KeysOptions,
): void {
  const find = ({ key }: KeyboardEvent) => shortcuts.find(({ keys }) => keys.includes(key.toLowerCase()))
  const down = (event: KeyboardEvent) => {
    const found = find(event)
    if (!found || !isShown() || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey || event.altKey || (event.repeat && !found.repeats)) return
    if (belongsTo(event.target, event.key) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    Promise.resolve(found.press(page, event)).catch(onError)
  }
  const up = (event: KeyboardEvent) => find(event)?.release?.(page)

  window.addEventListener('keydown', down)
  window.addEventListener('keyup', up)
  window.addEventListener('blur', onBlur)
  onCleanup(() => {
    window.removeEventListener('keydown', down)
    window.removeEventListener('keyup', up)
    window.removeEventListener('blur', onBlur)
  })
}

/** Whether the focused control has a use for this key itself. */
function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target.closest('textarea, select, input:not([type=range], [type=checkbox], [type=radio])')
  ) {
    return true
  }
  if (/^(Arrow|Home$|End$)/.test(key))
    return target.closest('input, [role=slider]:not(.film), [role=tab]') !== null
  return key === ' ' && target.closest('button, input, summary, a, [role=slider]:not(.film)') !== null
}

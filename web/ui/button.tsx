import type { LucideProps } from 'lucide-solid'
import { type Component, type JSX, Show, splitProps } from 'solid-js'
import { Dynamic } from 'solid-js/web'

export type Icon = Component<LucideProps>

interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: Icon
  readonly look?: 'primary' | 'plain' | 'ghost' | 'danger'
  /** A toggle says whether it is on. */
  readonly pressed?: boolean | undefined
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['icon', 'look', 'pressed', 'class', 'children'])
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${own.look ?? 'plain'} ${own.class ?? ''}`}
      aria-pressed={own.pressed}
    >
      <Show when={own.icon}>{(icon) => <Glyph icon={icon()} />}</Show>
      {own.children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: Icon
  readonly label: string
  /** The key that does the same. */
  readonly shortcut?: string
}

/** A button that is its icon. The label is for assistive technology and the tooltip. */
export function IconButton(props: IconButtonProps) {
  const [own, rest] = splitProps(props, ['label', 'shortcut', 'class', 'look'])
  return (
    <Button
      {...rest}
      look={own.look ?? 'ghost'}
      class={`icon-button ${own.class ?? ''}`}
      aria-label={own.label}
      aria-keyshortcuts={own.shortcut}
      title={own.shortcut ? `${own.label} (${own.shortcut})` : own.label}
    />
  )
}

export function Glyph(props: { readonly icon: Icon; readonly size?: number }) {
  return <Dynamic component={props.icon} size={props.size ?? 18} strokeWidth={1.75} />
}

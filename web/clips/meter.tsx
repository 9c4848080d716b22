import { createEffect } from 'solid-js'
import './meter.css'

/** How far something is. */
export function Meter(props: { readonly label: string; readonly done: number; readonly isQuiet?: boolean }) {
  let bar: HTMLDivElement | undefined
  const percent = () => Math.round(100 * Math.min(1, Math.max(0, props.done)))
  createEffect(() => bar?.style.setProperty('--done', String(Math.min(1, Math.max(0, props.done)))))
  return (
    <div
      ref={bar}
      class="meter"
      classList={{ 'is-quiet': props.isQuiet ?? false }}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent()}
    />
  )
}

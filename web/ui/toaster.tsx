import CircleCheck from 'lucide-solid/icons/circle-check'
import Info from 'lucide-solid/icons/info'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import X from 'lucide-solid/icons/x'
import { For, Show } from 'solid-js'
import { Button, Glyph, IconButton } from './button'
import type { Notices, Tone } from './notices'

const ICONS = { info: Info, done: CircleCheck, problem: TriangleAlert } as const satisfies Record<
  Tone,
  unknown
>

/** Where notices appear. The region is there before any notice, or screen readers would miss the first. */
export function Toaster(props: { readonly notices: Notices }) {
  return (
    <section class="toaster" aria-live="polite" aria-label="Notices">
      <For each={props.notices.list}>
        {(notice) => (
          <div class={`toast toast-${notice.tone}`} role={notice.tone === 'problem' ? 'alert' : undefined}>
            <Glyph icon={ICONS[notice.tone]} />
            <div class="toast-words">
              <strong>{notice.title}</strong>
              <Show when={notice.text}>
                <p>{notice.text}</p>
              </Show>
            </div>
            <div class="toast-actions">
              <For each={[notice.action, notice.otherAction].filter((action) => action !== undefined)}>
                {({ label, run }) => (
                  <Button
                    onClick={() => {
                      props.notices.dismiss(notice.id)
                      run()
                    }}
                  >
                    {label}
                  </Button>
                )}
              </For>
            </div>
            <IconButton icon={X} label="Dismiss" onClick={() => props.notices.dismiss(notice.id)} />
          </div>
        )}
      </For>
    </section>
  )
}

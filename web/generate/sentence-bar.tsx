import { For, Show } from 'solid-js'
import { useGeneration } from './generation-context'

const EXAMPLES = [
  'Make my character dance like in the video',
  'Replace the person with my character',
  'Put my character on the moon',
] as const

const MAX_LENGTH = 2000

/** What should happen, in the person's own words. */
export function SentenceBar() {
  const { generate } = useGeneration()
  let field: HTMLTextAreaElement | undefined
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void generate.send()
  }
  return (
    <div class="sentence">
      <label for="sentence">What should happen?</label>
      <textarea
        ref={field}
        id="sentence"
        rows={2}
        maxLength={MAX_LENGTH}
        placeholder="Make my character dance like in the video"
        aria-describedby="sentence-keys"
        value={generate.draft.sentence}
        onInput={({ currentTarget }) => generate.setSentence(currentTarget.value)}
        onKeyDown={pressed}
      />
      <p id="sentence-keys" class="visually-hidden">
        Control and Enter generates. English and Spanish are understood.
      </p>
      <Show when={generate.draft.sentence === ''}>
        <ul class="sentence-examples" aria-label="Examples">
          <For each={EXAMPLES}>
            {(example) => (
              <li>
                <button
                  type="button"
                  class="example"
                  onClick={() => {
                    generate.setSentence(example)
                    field?.focus()
                  }}
                >
                  {example}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  )
}

import Check from 'lucide-solid/icons/check'
import { For, Show } from 'solid-js'
import { Glyph } from '../ui/button'
import { useGeneration } from './generation-context'

/** How to begin, with a tick for what is done. */
export function FirstSteps() {
  const { generate } = useGeneration()
  const steps = () => [
    {
      title: 'Bring a picture',
      text: 'Your character: a person, a drawing, a robot. The whole body, if the whole body is to move.',
      isDone: generate.bring.files['image:0'] !== undefined,
    },
    {
      title: 'Bring a video',
      text: 'Somebody who moves: a file, or a take with your camera.',
      isDone: generate.bring.files['video:0'] !== undefined,
    },
    {
      title: 'Say what should happen',
      text: 'In a sentence. Which workflow and model it takes is shown before anything is sent.',
      isDone: generate.draft.sentence.trim() !== '',
    },
  ]
  return (
    <div class="curtain first-steps">
      <h2>Your result appears here</h2>
      <ol>
        <For each={steps()}>
          {({ title, text, isDone }, i) => (
            <li classList={{ 'is-done': isDone }}>
              <span class="step-mark">
                <Show when={isDone} fallback={i() + 1}>
                  <Glyph icon={Check} size={16} />
                </Show>
              </span>
              <div>
                <strong>{title}</strong>
                <Show when={isDone}>
                  <span class="visually-hidden">, done</span>
                </Show>
                <p>{text}</p>
              </div>
            </li>
          )}
        </For>
      </ol>
    </div>
  )
}

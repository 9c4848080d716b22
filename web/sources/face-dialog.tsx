import { For } from 'solid-js'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** Several faces were found in one picture. Answer with the numbers of those that are meant; none forgets the picture. */
export interface FaceQuestion {
  readonly name: string
  readonly urls: readonly string[]
  readonly answer: (chosen: readonly number[]) => void
}

export function FaceDialog(props: { readonly question: FaceQuestion | undefined }) {
  const answer = (chosen: readonly number[]) => props.question?.answer(chosen)
  const all = () => props.question?.urls.map((_, i) => i) ?? []
  return (
    <Dialog
      open={props.question !== undefined}
      title={`Which face in “${props.question?.name ?? ''}”?`}
      isQuestion
      onClose={() => answer([])}
    >
      <ul class="face-choices">
        <For each={props.question?.urls}>
          {(url, i) => (
            <li>
              <button
                type="button"
                class="face-choice"
                aria-label={`Face ${i() + 1}`}
                onClick={() => answer([i()])}
              >
                <img src={url} alt="" />
                <span>{i() + 1}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <footer>
        <Button look="ghost" onClick={() => answer([])}>
          Cancel
        </Button>
        <Button onClick={() => answer(all())}>Add all {all().length}</Button>
      </footer>
    </Dialog>
  )
}

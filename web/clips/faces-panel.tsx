import ScanFace from 'lucide-solid/icons/scan-face'
import { createEffect, For, Show } from 'solid-js'
import type { Role } from '../../workers/clip/cast'
import type { FoundPerson } from '../../workers/clip/clip-api'
import { Button, Glyph } from '../ui/button'
import { type Option, Select } from '../ui/choice'
import { useUnderstudy } from '../understudy'
import { useClips } from './clips-context'
import type { Draft } from './draft'
import { Meter } from './meter'
import { clock } from './times'

/** '' stands for the character in use, or for what everybody becomes. */
type Choice = Role | ''

/** Who becomes whom: everybody at first, and after a scan each person on their own. */
export function FacesPanel(props: { readonly draft: Draft }) {
  const { sources } = useUnderstudy()
  const { bin, scanning, scanPeople, cancelScan, complain } = useClips()
  const characters = (): Option<Choice>[] =>
    sources.state.cards.map(({ id, name }) => ({ value: id, label: name }))
  const active = () => sources.state.cards.find(({ id }) => id === sources.state.activeId)
  const everyone = (): Option<Choice>[] => [
    { value: '', label: active() ? `${active()?.name} (in use)` : 'No character in use' },
    { value: 'keep', label: 'Keep own face' },
    ...characters().filter(({ value }) => value !== active()?.id),
  ]
  const what = () => (props.draft.kind === 'still' ? 'picture' : 'clip')
  const isScanning = () => scanning()?.id === props.draft.id
  return (
    <div class="panel-body">
      <Select
        label={props.draft.scan ? 'Everyone else becomes' : 'Everyone becomes'}
        value={props.draft.everyone ?? ''}
        options={everyone()}
        {...(props.draft.everyone === undefined ? { hint: 'Follows the character you choose.' } : {})}
        onChange={(role) => bin.set(props.draft.id, { everyone: role === '' ? undefined : role })}
      />
      <section class="people" aria-label={`People in the ${what()}`}>
        <header>
          <h3>People in the {what()}</h3>
          <Show when={props.draft.scan && !isScanning()}>
            <Button look="ghost" icon={ScanFace} onClick={() => void scanPeople().catch(complain)}>
              Scan again
            </Button>
          </Show>
        </header>
        <Show
          when={isScanning()}
          fallback={
            <Found
              draft={props.draft}
              characters={characters()}
              onScan={() => void scanPeople().catch(complain)}
            />
          }
        >
          <div class="scanning" role="status">
            <span>Looking for people: {Math.round((scanning()?.done ?? 0) * 100)} %</span>
            <Meter label="Scan" done={scanning()?.done ?? 0} />
            <Button onClick={cancelScan}>Cancel</Button>
          </div>
        </Show>
      </section>
    </div>
  )
}

interface FoundProps {
  readonly draft: Draft
  readonly characters: readonly Option<Choice>[]
  readonly onScan: () => void
}

function Found(props: FoundProps) {
  const { bin } = useClips()
  const roleOf = (id: string): Choice => props.draft.roles[id] ?? ''
  const options = (): Option<Choice>[] => [
    { value: '', label: 'Like everyone' },
    { value: 'keep', label: 'Keep own face' },
    ...props.characters,
  ]
  const assign = (id: string, role: Choice) => {
    const { [id]: _before, ...others } = props.draft.roles
    bin.set(props.draft.id, { roles: role === '' ? others : { ...others, [id]: role } })
  }
  return (
    <Show
      when={props.draft.scan}
      fallback={
        <div class="scan-offer">
          <p class="hint">
            A scan finds the people in it, so that each can become somebody else or stay as they are.
          </p>
          <Button icon={ScanFace} onClick={props.onScan}>
            Scan for people
          </Button>
        </div>
      }
    >
      {(scan) => (
        <>
          <Show when={scan().people.length > 0} fallback={<p class="hint">Nobody’s face was found.</p>}>
            <ul class="person-list">
              <For each={scan().people}>
                {(person, i) => (
                  <li class="person" data-person={i() % 6}>
                    <Face person={person} />
                    <div>
                      <p>
                        <strong>Person {i() + 1}</strong>
                        <Show when={props.draft.kind === 'clip'}>
                          <span class="seen">seen for {clock(person.seenS)}</span>
                        </Show>
                      </p>
                      <Select
                        label={`Person ${i() + 1} becomes`}
                        isBare
                        value={roleOf(person.id)}
                        options={options()}
                        onChange={(role) => assign(person.id, role)}
                      />
                    </div>
                  </li>
                )}
              </For>
            </ul>
            <Show when={props.draft.kind === 'clip'}>
              <p class="note">
                <Glyph icon={ScanFace} />
                <span>{HOW[scan().by]}</span>
              </p>
            </Show>
          </Show>
        </>
      )}
    </Show>
  )
}

const HOW = {
  recognition:
    'Told apart by the face recognition model that is installed: the same face is the same person, wherever in the clip.',
  track:
    'Told apart by following each face: someone who leaves and comes back, or is cut away, may be listed twice. Give both the same character. A face recognition model, installed in the settings, would know them again.',
} as const

function Face(props: { readonly person: FoundPerson }) {
  let canvas: HTMLCanvasElement | undefined
  createEffect(() => {
    const { thumbnail } = props.person
    if (!canvas || thumbnail.width === 0) return // closed with its scan
    canvas.width = thumbnail.width
    canvas.height = thumbnail.height
    canvas.getContext('2d')?.drawImage(thumbnail, 0, 0)
  })
  return <canvas ref={canvas} class="person-face" />
}

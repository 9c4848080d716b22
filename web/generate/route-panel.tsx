import RotateCw from 'lucide-solid/icons/rotate-cw'
import { createMemo, For, Match, Show, Switch } from 'solid-js'
import type { Readiness, Tier, WorkflowView } from '../edge/edge'
import { MissingList } from '../jobs/missing-list'
import { Button } from '../ui/button'
import { Segmented, Select } from '../ui/choice'
import type { Draft } from './draft'
import { useGeneration } from './generation-context'
import { ParameterField } from './parameter-field'
import { understoodInWords } from './parameters'
import './route.css'

const MODES: readonly { readonly value: Draft['mode']; readonly label: string }[] = [
  { value: 'auto', label: 'Any' },
  { value: 'full-body', label: 'Full body' },
  { value: 'motion', label: 'Motion' },
  { value: 'face', label: 'Face' },
]

/** How it is made: which workflow and model, why, and everything that can be set about it. */
export function RoutePanel() {
  const { generate } = useGeneration()
  return (
    <section class="route" aria-label="How it is made">
      <h2>How it is made</h2>
      <Segmented
        label="Mode"
        isBare
        value={generate.draft.mode}
        options={MODES}
        onChange={generate.setMode}
      />
      <Chosen />
      <Show when={generate.workflow()} keyed>
        {(workflow) => <Settings workflow={workflow} />}
      </Show>
    </section>
  )
}

function Chosen() {
  const { generate, boxes } = useGeneration()
  const parsed = () => generate.routing.parsed()
  const isByHand = () => generate.draft.workflow !== ''
  const routed = () => parsed()?.choices.find(({ workflow }) => workflow === generate.workflow()?.id)
  const understood = createMemo(() => {
    const said = parsed()?.parameters
    return said ? understoodInWords(said) : []
  })
  return (
    <div class="chosen" aria-busy={generate.routing.isAsking()}>
      <Show
        when={generate.workflow()}
        fallback={
          <p class="hint chosen-none">
            {boxes.state.server === 'absent'
              ? 'The server that chooses the workflow does not answer.'
              : 'Say what should happen: the workflow that does it is chosen here, with the reason.'}
          </p>
        }
      >
        {(workflow) => (
          <div class="chosen-card" role="status">
            <strong>{workflow().title}</strong>
            <span class="chosen-model">{workflow().model}</span>
            <p>{workflow().does}</p>
            <Switch>
              <Match when={isByHand()}>
                <p class="chosen-why">You chose it.</p>
              </Match>
              <Match when={parsed() && !parsed()?.understood}>
                <p class="chosen-why is-unsure">
                  Nothing in the sentence says what to do with what you brought. These are the nearest: choose
                  one, or say it with a verb, such as “replace”, “dance” or “put me in”.
                </p>
              </Match>
              <Match when={routed()}>
                {(choice) => <For each={choice().reasons}>{(why) => <p class="chosen-why">{why}</p>}</For>}
              </Match>
            </Switch>
            <Show when={parsed()?.readBy === 'model'}>
              <p class="hint">Read by your language model.</p>
            </Show>
            <Show when={understood().length > 0}>
              <ul class="understood" aria-label="Understood as well">
                <For each={understood()}>{(words) => <li>{words}</li>}</For>
              </ul>
            </Show>
          </div>
        )}
      </Show>
      <Alternatives />
    </div>
  )
}

/** The other ways to understand it, and all workflows for those who know which they want. */
function Alternatives() {
  const { generate, boxes } = useGeneration()
  const others = createMemo(() => {
    const parsed = generate.routing.parsed()
    // Those that nothing speaks for are of use only while nothing is understood.
    const near = parsed?.choices.filter(({ confidence }) => confidence > 0 || !parsed.understood) ?? []
    return near.flatMap(({ workflow }) => boxes.workflow(workflow) ?? [])
  })
  const all = () => [
    { value: '', label: 'As the sentence says' },
    ...boxes.state.workflows.map(({ id, title }) => ({ value: id, label: title })),
  ]
  return (
    <>
      <Show when={others().length > 1}>
        <fieldset class="alternatives">
          <legend>Ways to understand it</legend>
          <For each={others()}>
            {(workflow) => (
              <label class="alternative">
                <input
                  type="radio"
                  name="workflow"
                  checked={generate.workflow()?.id === workflow.id}
                  onChange={() => generate.chooseWorkflow(workflow.id)}
                />
                <span>
                  <b>{workflow.title}</b>
                  <small>{workflow.does}</small>
                </span>
              </label>
            )}
          </For>
        </fieldset>
      </Show>
      <Show when={boxes.state.workflows.length > 0}>
        <Select
          label="Workflow"
          value={generate.draft.workflow}
          options={all()}
          onChange={generate.chooseWorkflow}
        />
      </Show>
      <ul class="notes" aria-label="Workflows of yours that cannot be used">
        <For each={boxes.state.faults}>{(fault) => <li>{fault}</li>}</For>
      </ul>
    </>
  )
}

function Settings(props: { readonly workflow: WorkflowView }) {
  const { generate } = useGeneration()
  // The sentence says the prompt; it stands under “More” for those who want another one.
  const plain = () => props.workflow.parameters.filter(({ advanced, name }) => !advanced && name !== 'prompt')
  const tier = () => props.workflow.tiers.find(({ name }) => name === generate.tier())
  const more = () => props.workflow.parameters.filter(({ advanced, name }) => advanced || name === 'prompt')
  return (
    <>
      <Ready readiness={generate.readiness()} />
      <div class="route-settings">
        <Segmented<Tier>
          label="Quality"
          value={generate.tier()}
          options={props.workflow.tiers.map(({ name, label }) => ({ value: name, label: split(label)[0] }))}
          hint={split(tier()?.label ?? '')[1]}
          onChange={generate.setTier}
        />
        <For each={plain()}>{(parameter) => <ParameterField parameter={parameter} />}</For>
      </div>
      <Show when={more().length > 0}>
        <details class="group">
          <summary>Advanced</summary>
          <div class="route-settings">
            <For each={more()}>{(parameter) => <ParameterField parameter={parameter} />}</For>
          </div>
        </details>
      </Show>
      <ul class="notes" aria-label="Good to know">
        <For each={props.workflow.notes}>{(note) => <li>{note}</li>}</For>
      </ul>
    </>
  )
}

/** "High: 10 steps, 720p": the word for the button, and what it means. */
const split = (label: string): readonly [string, string] => {
  const [name = '', ...rest] = label.split(':')
  return [name.trim(), rest.join(':').trim()]
}

/** Whether a box can do it now. */
function Ready(props: { readonly readiness: Readiness | undefined }) {
  const { boxes } = useGeneration()
  const at = <N extends Readiness['name']>(name: N) =>
    props.readiness?.name === name ? (props.readiness as Extract<Readiness, { name: N }>) : undefined // just looked
  return (
    <div class="ready" data-ready={props.readiness?.name} role="status">
      <Switch fallback={<p>&nbsp;</p>}>
        <Match when={at('ready')}>
          {(ready) => (
            <p>
              <span class="dot" /> Ready on {ready().boxes.join(', ')}
            </p>
          )}
        </Match>
        <Match when={at('lacking')}>
          {(lacking) => (
            <>
              <p>
                <span class="dot" /> {lacking().box} lacks{' '}
                {lacking().missing.length === 1 ? 'one thing' : `${lacking().missing.length} things`}
              </p>
              <MissingList missing={lacking().missing} />
              <Button icon={RotateCw} disabled={boxes.isLooking()} onClick={() => void boxes.lookAgain()}>
                Look again
              </Button>
            </>
          )}
        </Match>
        <Match when={at('noBox')}>
          {(none) => (
            <p>
              <span class="dot" /> {none().reason}
            </p>
          )}
        </Match>
      </Switch>
    </div>
  )
}

import Dices from 'lucide-solid/icons/dices'
import Reset from 'lucide-solid/icons/rotate-ccw'
import { Switch as Choose, createUniqueId, Match, Show } from 'solid-js'
import { IconButton } from '../ui/button'
import { Select, Switch } from '../ui/choice'
import { useGeneration } from './generation-context'
import { faultOf, type Parameter, randomSeed } from './parameters'

type Of<K extends Parameter['kind']> = Extract<Parameter, { readonly kind: K }>

/** One parameter as its workflow declares it. What the sentence said stands in it until it is set by hand. */
export function ParameterField(props: { readonly parameter: Parameter }) {
  const { generate } = useGeneration()
  const value = () => generate.valueFor(props.parameter.name)
  const set = (to: string | number | boolean | undefined) => generate.setValue(props.parameter.name, to)
  const as = <K extends Parameter['kind']>(...kinds: K[]) =>
    (kinds as string[]).includes(props.parameter.kind) ? (props.parameter as Of<K>) : undefined // just looked
  return (
    <Choose>
      <Match when={as('switch')}>
        {(it) => <Switch label={it().label} checked={value() === true} {...hintOf(it())} onChange={set} />}
      </Match>
      <Match when={as('choice')}>
        {(it) => (
          <Select
            label={it().label}
            value={String(value())}
            options={it().choices}
            {...hintOf(it())}
            onChange={set}
          />
        )}
      </Match>
      <Match when={as('text')}>
        {(it) => (
          <Field parameter={it()}>
            {(id, describedBy) => (
              <textarea
                id={id}
                class="text-field"
                rows={it().maxLength > 120 ? 3 : 1}
                maxLength={it().maxLength}
                aria-describedby={describedBy}
                value={String(value() ?? '')}
                onInput={({ currentTarget }) => set(currentTarget.value)}
              />
            )}
          </Field>
        )}
      </Match>
      <Match when={as('integer', 'number')}>
        {(it) => (
          <Field parameter={it()}>
            {(id, describedBy) => (
              <span class="number-field">
                <input
                  id={id}
                  class="text-field"
                  type="number"
                  inputmode="decimal"
                  min={it().min}
                  max={it().max}
                  step={it().step || 'any'}
                  aria-invalid={faultOf(it(), value()) !== ''}
                  aria-describedby={describedBy}
                  value={String(value() ?? '')}
                  onInput={({ currentTarget: { value: text } }) => set(text === '' ? '' : Number(text))}
                />
                <Show when={it().unit}>
                  <span class="unit">{it().unit}</span>
                </Show>
              </span>
            )}
          </Field>
        )}
      </Match>
      <Match when={as('seed')}>
        {(it) => (
          <Field parameter={it()} hint="Empty: a new one for each job.">
            {(id, describedBy) => (
              <span class="number-field">
                <input
                  id={id}
                  class="text-field"
                  type="number"
                  inputmode="numeric"
                  min={0}
                  max={it().max}
                  placeholder="Random"
                  aria-invalid={faultOf(it(), value()) !== ''}
                  aria-describedby={describedBy}
                  value={String(value() ?? '')}
                  onInput={({ currentTarget: { value: text } }) =>
                    set(text === '' ? undefined : Number(text))
                  }
                />
                <IconButton
                  icon={Dices}
                  look="plain"
                  label="Throw the dice for a seed"
                  onClick={() => set(randomSeed(it().max))}
                />
              </span>
            )}
          </Field>
        )}
      </Match>
    </Choose>
  )
}

const hintOf = ({ hint }: Parameter) => (hint === undefined ? {} : { hint })

/** Label, hint, what is wrong, and the way back to the default. */
function Field(props: {
  readonly parameter: Parameter
  readonly hint?: string
  readonly children: (id: string, describedBy: string) => import('solid-js').JSX.Element
}) {
  const { generate } = useGeneration()
  const id = createUniqueId()
  const fault = () => faultOf(props.parameter, generate.valueFor(props.parameter.name))
  const isSet = () => generate.draft.values[props.parameter.name] !== undefined
  return (
    <div class="field parameter">
      <label for={id}>{props.parameter.label}</label>
      <Show when={isSet()}>
        <IconButton
          icon={Reset}
          class="parameter-reset"
          label={`Reset ${props.parameter.label}`}
          onClick={() => generate.setValue(props.parameter.name, undefined)}
        />
      </Show>
      {props.children(id, `${id}-note`)}
      <p id={`${id}-note`} class="hint" classList={{ 'is-fault': fault() !== '' }}>
        {fault() || props.parameter.hint || props.hint}
      </p>
    </div>
  )
}

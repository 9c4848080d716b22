import ArrowRight from 'lucide-solid/icons/arrow-right'
import ScanFace from 'lucide-solid/icons/scan-face'
import { createResource, For, Show } from 'solid-js'
import type { Draft } from '../generate/draft'
import { Button } from '../ui/button'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'

interface BoxMode {
  readonly mode: Draft['mode']
  readonly name: string
  readonly text: string
}

const BOX_MODES: readonly BoxMode[] = [
  {
    mode: 'full-body',
    name: 'Full body',
    text: 'Replaces the whole person, clothes and hair included, with a large video model.',
  },
  {
    mode: 'motion',
    name: 'Motion transfer',
    text: 'Moves a still picture of your character with your motion, with a large video model.',
  },
]

/** What is replaced: the mode in use, and those that need more than this device. */
export function Modes(props: { readonly isWide: boolean }) {
  return (
    <Popover icon={ScanFace} label="Face only" isWide={props.isWide} class="mode">
      {(close) => (
        <>
          <p class="mode-reason">
            <strong>Face only</strong>
            <span>In use. Runs on this device.</span>
          </p>
          <BoxModes onChosen={close} />
        </>
      )}
    </Popover>
  )
}

/** They lead to the Generate page; without a box it says how to get one. */
function BoxModes(props: { readonly onChosen: () => void }) {
  const { loadGeneration, navigation, complain } = useUnderstudy()
  const [isBoxThere] = createResource(async () => {
    const { boxes } = await loadGeneration()
    await boxes.look()
    return boxes.isAnyUp()
  })
  const choose = async ({ mode }: BoxMode) => {
    props.onChosen()
    navigation.go('generate')
    const { generate } = await loadGeneration()
    generate.setMode(mode)
  }
  return (
    <For each={BOX_MODES}>
      {(mode) => (
        <div class="mode-choice">
          <p class="mode-reason">
            <strong>{mode.name}</strong>
            <span>
              {mode.text}{' '}
              <Show
                when={isBoxThere()}
                fallback="That runs on a GPU box of your own (ComfyUI); none is connected."
              >
                It runs on your GPU box.
              </Show>
            </span>
          </p>
          <Button icon={ArrowRight} onClick={() => void choose(mode).catch(complain)}>
            {isBoxThere() ? mode.name : 'How to connect one'}
          </Button>
        </div>
      )}
    </For>
  )
}

import CircleHelp from 'lucide-solid/icons/circle-question-mark'
import Cpu from 'lucide-solid/icons/cpu'
import Download from 'lucide-solid/icons/download'
import Lock from 'lucide-solid/icons/lock'
import ScanFace from 'lucide-solid/icons/scan-face'
import Settings from 'lucide-solid/icons/settings'
import { For, Show } from 'solid-js'
import { Button, IconButton } from './ui/button'
import { COMPACT, createMediaQuery } from './ui/media-query'
import { Popover } from './ui/popover'
import { useUnderstudy } from './understudy'

const NEEDS_BOX = [
  {
    name: 'Full body',
    text: 'Replaces the whole person, clothes and hair included, with a large video model. That runs on a GPU box of your own (ComfyUI); none is connected.',
  },
  {
    name: 'Motion transfer',
    text: 'Moves a still picture of your character with your motion, with a large video model. That runs on a GPU box of your own (ComfyUI); none is connected.',
  },
] as const

/** The name, the mode, and what concerns the whole page. */
export function TopBar() {
  const { install, showPanel } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  return (
    <header class="top-bar">
      <h1 class="brand">
        <Mark />
        <span>Understudy</span>
      </h1>
      <Show when={isCompact()} fallback={<Modes />}>
        <Popover icon={ScanFace} label="Face only" isWide>
          <p class="mode-reason">
            <strong>Face only</strong>
            <span>In use. Runs on this device.</span>
          </p>
          <For each={NEEDS_BOX}>{Reason}</For>
        </Popover>
      </Show>
      <nav class="top-actions" aria-label="Page">
        <Show when={install.canInstall()}>
          <Button icon={Download} look="ghost" class="install" onClick={() => void install.install()}>
            Install
          </Button>
        </Show>
        <Button
          icon={Cpu}
          look="ghost"
          class="machine"
          aria-label="This machine"
          onClick={() => showPanel('machine')}
        >
          <span>This machine</span>
        </Button>
        <IconButton
          icon={CircleHelp}
          label="Keyboard shortcuts"
          shortcut="?"
          onClick={() => showPanel('help')}
        />
        <IconButton icon={Settings} label="Settings" onClick={() => showPanel('settings')} />
      </nav>
    </header>
  )
}

function Modes() {
  return (
    <section class="modes" aria-label="Mode">
      <span class="mode is-current" aria-current="true">
        Face only
      </span>
      <For each={NEEDS_BOX}>
        {(mode) => (
          <Popover icon={Lock} label={`${mode.name}: needs a GPU box`} class="mode" isWide>
            <Reason {...mode} />
          </Popover>
        )}
      </For>
    </section>
  )
}

/** Why a mode cannot be chosen, and what would make it available. */
function Reason(props: (typeof NEEDS_BOX)[number]) {
  return (
    <p class="mode-reason">
      <strong>{props.name} needs a GPU box</strong>
      <span>{props.text}</span>
    </p>
  )
}

/** Two faces, one behind the other; the same drawing as the icon of the app. */
function Mark() {
  return (
    <svg class="mark" viewBox="70 80 366 352" aria-hidden="true">
      <path
        class="mark-behind"
        d="M312 112c66 0 112 40 112 114 0 94-58 174-112 174s-112-80-112-174c0-74 46-114 112-114z"
      />
      <path
        class="mark-front"
        d="M196 106c68 0 114 42 114 118 0 98-60 182-114 182S82 322 82 224c0-76 46-118 114-118z"
      />
      <path
        class="mark-eyes"
        d="M112 234c18-34 54-34 72 6-26 18-58 14-72-6zM280 234c-18-34-54-34-72 6 26 18 58 14 72-6z"
      />
    </svg>
  )
}

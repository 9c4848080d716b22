import CircleHelp from 'lucide-solid/icons/circle-question-mark'
import Cpu from 'lucide-solid/icons/cpu'
import Download from 'lucide-solid/icons/download'
import Settings from 'lucide-solid/icons/settings'
import { Show } from 'solid-js'
import { Modes } from './navigation/modes'
import { Tabs } from './navigation/tabs'
import { Button, IconButton } from './ui/button'
import { COMPACT, createMediaQuery } from './ui/media-query'
import { useUnderstudy } from './understudy'

/** The name, the mode, the pages, and what concerns all of them. */
export function TopBar() {
  const { install, showPanel } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  return (
    <header class="top-bar">
      <div class="top-start">
        <h1 class="brand">
          <Mark />
          <span>Understudy</span>
        </h1>
        <Show when={!isCompact()}>
          <Modes isWide />
        </Show>
      </div>
      <Tabs />
      <section class="top-actions" aria-label="App">
        <Show when={isCompact()}>
          <Modes isWide={false} />
        </Show>
        <Show when={install.canInstall() && !isCompact()}>
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
        <Show when={!isCompact()}>
          <IconButton
            icon={CircleHelp}
            label="Keyboard shortcuts"
            shortcut="?"
            onClick={() => showPanel('help')}
          />
        </Show>
        <IconButton icon={Settings} label="Settings" onClick={() => showPanel('settings')} />
      </section>
    </header>
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

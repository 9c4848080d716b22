import Clapperboard from 'lucide-solid/icons/clapperboard'
import Library from 'lucide-solid/icons/library'
import ListVideo from 'lucide-solid/icons/list-video'
import Sparkles from 'lucide-solid/icons/sparkles'
import Video from 'lucide-solid/icons/video'
import { For, Show } from 'solid-js'
import { Glyph } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { PAGE_NAMES, PAGES, type PageName } from './navigation'
import './navigation.css'

const ICONS = {
  live: Video,
  clip: Clapperboard,
  generate: Sparkles,
  jobs: ListVideo,
  library: Library,
} as const

/** The way between the pages: real links, so that they can also be opened in a tab of their own. */
export function Tabs() {
  return (
    <nav class="tabs" aria-label="Pages">
      <For each={PAGE_NAMES}>{(name) => <Tab name={name} />}</For>
    </nav>
  )
}

function Tab(props: { readonly name: PageName }) {
  const { navigation, studio, generation } = useUnderstudy()
  const isCurrent = () => navigation.page() === props.name
  const runsUnseen = () => {
    if (isCurrent()) return false
    if (props.name === 'live') return studio.state.phase.name === 'live'
    return props.name === 'jobs' && (generation()?.jobs.active().length ?? 0) > 0
  }
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return // a new tab or window
    event.preventDefault()
    navigation.go(props.name)
  }
  return (
    <a
      class="tab"
      href={PAGES[props.name].path}
      aria-current={isCurrent() ? 'page' : undefined}
      onClick={follow}
    >
      <Glyph icon={ICONS[props.name]} size={16} />
      <span>{PAGES[props.name].label}</span>
      <Show when={runsUnseen()}>
        <span class="tab-dot">
          <span class="visually-hidden">, running</span>
        </span>
      </Show>
    </a>
  )
}

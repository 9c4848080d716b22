import { createSignal, onCleanup } from 'solid-js'

/** edge-server/routes/files.ts and sw.ts answer these paths with the one page. */
export const PAGES = {
  live: { path: '/', label: 'Live', title: 'Understudy' },
  clip: { path: '/clip', label: 'Clip', title: 'Clip · Understudy' },
  generate: { path: '/generate', label: 'Generate', title: 'Generate · Understudy' },
  jobs: { path: '/jobs', label: 'Jobs', title: 'Jobs · Understudy' },
  library: { path: '/library', label: 'Library', title: 'Library · Understudy' },
} as const

export type PageName = keyof typeof PAGES

export const PAGE_NAMES: readonly PageName[] = ['live', 'clip', 'generate', 'jobs', 'library']

/** Which page is shown. It follows the address, and the address follows it; back and forward work. */
export function createNavigation() {
  const [page, setPage] = createSignal(pageAt(location.pathname))

  const show = (name: PageName) => {
    document.title = PAGES[name].title
    setPage(name)
  }
  const go = (name: PageName) => {
    if (name === page()) return
    history.pushState(null, '', PAGES[name].path)
    show(name)
  }
  const moved = () => show(pageAt(location.pathname))

  // The service worker, when a notification was pressed.
  const asked = ({
    data,
  }: MessageEvent<{ readonly type?: unknown; readonly path?: unknown } | undefined>) => {
    if (data?.type === 'SHOW') go(pageAt(String(data.path)))
  }

  moved()
  window.addEventListener('popstate', moved)
  navigator.serviceWorker?.addEventListener('message', asked)
  onCleanup(() => {
    window.removeEventListener('popstate', moved)
    navigator.serviceWorker?.removeEventListener('message', asked)
  })

  return { page, go }
}

export type Navigation = ReturnType<typeof createNavigation>

const pageAt = (path: string): PageName =>
  PAGE_NAMES.find((name) => PAGES[name].path === path.replace(/(.)\/+$/, '$1')) ?? 'live'

import ImagePlus from 'lucide-solid/icons/image-plus'
import { createSignal, onCleanup, Show } from 'solid-js'
import { Glyph } from '../ui/button'
import { useUnderstudy } from '../understudy'

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

const isTray = ({ target }: DragEvent) =>
  target instanceof Element && target.closest('.source-panel') !== null

/** What becomes of a file that is dropped there. */
const WORDS = {
  live: { title: 'Drop it anywhere', text: 'A picture becomes a character, a video becomes the input' },
  clip: { title: 'Drop it to swap it', text: 'Over the characters, a picture becomes one of them' },
  generate: { title: 'Drop it to bring it along', text: 'A picture to be about, a video to move by' },
  tray: { title: 'Drop it to add a character', text: 'Elsewhere on the page, a picture is swapped itself' },
} as const

/** Takes files dropped or pasted anywhere on the page. */
export function DropZone() {
  const { takeFiles, takeClips, takeToGenerate, navigation } = useUnderstudy()
  const [isOver, setOver] = createSignal(false)
  const [isOverTray, setOverTray] = createSignal(false)
  let depth = 0 // enter and leave come for every element on the way

  const isGenerating = () => navigation.page() === 'generate' || navigation.page() === 'jobs'
  const place = () => {
    if (isGenerating()) return 'generate'
    if (navigation.page() === 'live') return 'live'
    return isOverTray() ? 'tray' : 'clip'
  }

  const life = new AbortController()
  const { signal } = life
  onCleanup(() => life.abort())

  const enter = (event: DragEvent) => hasFiles(event) && setOver(++depth > 0)
  const leave = (event: DragEvent) => hasFiles(event) && setOver(--depth > 0)
  const over = (event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    setOverTray(isTray(event))
  }
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault() // or the browser would open the file in place of the page
    depth = 0
    setOver(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (isGenerating()) void takeToGenerate(files)
    else void (navigation.page() === 'live' || isTray(event) ? takeFiles(files) : takeClips(files))
  }
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void (isGenerating() ? takeToGenerate(files) : takeFiles(files))
  }

  window.addEventListener('dragenter', enter, { signal })
  window.addEventListener('dragleave', leave, { signal })
  window.addEventListener('dragover', over, { signal })
  window.addEventListener('drop', drop, { signal })
  window.addEventListener('paste', paste, { signal })

  return (
    <Show when={isOver()}>
      <div class="drop-zone" aria-hidden="true">
        <Glyph icon={ImagePlus} size={40} />
        <strong>{WORDS[place()].title}</strong>
        <span>{WORDS[place()].text}</span>
      </div>
    </Show>
  )
}

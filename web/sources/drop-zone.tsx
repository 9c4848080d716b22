import ImagePlus from 'lucide-solid/icons/image-plus'
import { createSignal, onCleanup, Show } from 'solid-js'
import { Glyph } from '../ui/button'
import { useUnderstudy } from '../understudy'

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** Takes files dropped or pasted anywhere on the page. */
export function DropZone() {
  const { takeFiles } = useUnderstudy()
  const [isOver, setOver] = createSignal(false)
  let depth = 0 // enter and leave come for every element on the way

  const life = new AbortController()
  const { signal } = life
  onCleanup(() => life.abort())

  const enter = (event: DragEvent) => hasFiles(event) && setOver(++depth > 0)
  const leave = (event: DragEvent) => hasFiles(event) && setOver(--depth > 0)
  const over = (event: DragEvent) => hasFiles(event) && event.preventDefault()
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault() // or the browser would open the file in place of the page
    depth = 0
    setOver(false)
    void takeFiles([...(event.dataTransfer?.files ?? [])])
  }
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void takeFiles(files)
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
        <strong>Drop it anywhere</strong>
        <span>A picture becomes a character, a video becomes the input</span>
      </div>
    </Show>
  )
}

import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

/**
 * The picture as a MediaStream, for the picture-in-picture and output windows. The stream is one and the same for the life
 * of the page; its track follows the canvas. Nothing is captured while nobody watches.
 */
export function createOutputStream(canvas: Accessor<HTMLCanvasElement | undefined>) {
  const stream = new MediaStream()
  const [watchers, setWatchers] = createSignal<readonly symbol[]>([])
  const isWatched = () => watchers().length > 0

  const stop = () => {
    for (const track of stream.getTracks()) {
      track.stop()
      stream.removeTrack(track)
    }
  }
  const capture = () => {
    stop()
    for (const track of canvas()?.captureStream().getVideoTracks() ?? []) stream.addTrack(track)
    stream.dispatchEvent(new Event('change'))
  }

  createEffect(on(canvas, () => isWatched() && capture(), { defer: true }))
  onCleanup(stop)

  /** Call what it returns when done watching. The stream fires 'change' when its track is another one. */
  const watch = () => {
    const ticket = Symbol('watcher')
    setWatchers((others) => [...others, ticket])
    if (watchers().length === 1) capture()
    return () => {
      if (!watchers().includes(ticket)) return
      setWatchers((all) => all.filter((each) => each !== ticket))
      if (!isWatched()) stop()
    }
  }

  return { stream, watch, isWatched }
}

export type OutputStream = ReturnType<typeof createOutputStream>

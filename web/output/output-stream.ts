import { type Accessor, createEffect, on, onCleanup } from 'solid-js'

/**
 * The picture as a MediaStream, for the picture-in-picture and output windows. The stream is one and the same for the life
 * of the page; its track follows the canvas. Nothing is captured while nobody watches.
 */
export function createOutputStream(canvas: Accessor<HTMLCanvasElement | undefined>) {
  const stream = new MediaStream()
  const watchers = new Set<symbol>()

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

  createEffect(on(canvas, () => watchers.size > 0 && capture(), { defer: true }))
  onCleanup(stop)

  /** Call what it returns when done watching. The stream fires 'change' when its track is another one. */
  const watch = () => {
    const ticket = Symbol('watcher')
    watchers.add(ticket)
    if (watchers.size === 1) capture()
    return () => {
      if (watchers.delete(ticket) && watchers.size === 0) stop()
    }
  }

  return { stream, watch, isWatched: () => watchers.size > 0 }
}

export type OutputStream = ReturnType<typeof createOutputStream>

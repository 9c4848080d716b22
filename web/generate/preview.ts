import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { JobMessage, JobStateName } from '../edge/edge'
import { openSocket } from '../edge/socket'
import { isActive } from '../jobs/job-words'

/** What a job looks like while it runs: the last picture its box sent, as a URL; undefined while there is none. */
export function createPreview(
  jobId: () => string,
  state: () => JobStateName | undefined,
  onMessage: (message: JobMessage) => void,
) {
  const [url, setUrl] = createSignal<string>()
  const show = (picture: Blob | undefined) => {
    const before = url()
    setUrl(picture ? URL.createObjectURL(picture) : undefined)
    if (before) URL.revokeObjectURL(before)
  }
  const isWatched = () => {
    const at = state()
    return jobId() !== '' && at !== undefined && isActive({ state: at })
  }
  createEffect(
    on([jobId, isWatched], ([id, watched], before) => {
      if (!before || before[0] !== id) show(undefined)
      if (!watched) return
      const socket = openSocket(`/ws/generate/${encodeURIComponent(id)}`, {
        text: (text) => onMessage(JSON.parse(text) as JobMessage), // our own server's
        binary: (bytes) => show(new Blob([bytes], { type: typeOf(bytes) })),
      })
      onCleanup(() => socket[Symbol.dispose]())
    }),
  )
  onCleanup(() => show(undefined))
  return url
}

/** A JPEG or a PNG, by how it begins. */
const typeOf = (bytes: ArrayBuffer): string =>
  new Uint8Array(bytes, 0, Math.min(1, bytes.byteLength))[0] === 0xff ? 'image/jpeg' : 'image/png'

import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { type PromptView, parseSentence } from '../edge/edge'
import type { Draft } from './draft'

export interface Asked {
  readonly sentence: string
  readonly mode: Draft['mode']
  readonly images: number
  readonly videos: number
}

/** People pause about this long between words. */
const PAUSE_MS = 250

/** What the server makes of the sentence while it is typed. The last answer stays until there is a new one: nothing jumps. */
export function createRouting(asked: () => Asked, isServerThere: () => boolean) {
  const [parsed, setParsed] = createSignal<PromptView>()
  const [isAsking, setAsking] = createSignal(false)
  let life = new AbortController()
  let timer = 0

  const ask = async () => {
    life.abort()
    life = new AbortController()
    const { signal } = life
    const { sentence, mode, images, videos } = asked()
    const question = { text: sentence.trim().slice(0, 2000), images, videos }
    try {
      const answer = await parseSentence(mode === 'auto' ? question : { ...question, mode }, signal)
      if (!signal.aborted) setParsed(answer)
    } catch {
      if (!signal.aborted) setParsed(undefined) // the page says elsewhere that the server is away
    } finally {
      if (!signal.aborted) setAsking(false)
    }
  }

  const saysNothing = ({ sentence, mode, images, videos }: Asked) =>
    sentence.trim() === '' && mode === 'auto' && images + videos === 0

  createEffect(
    on([() => JSON.stringify(asked()), isServerThere], ([, isThere]) => {
      clearTimeout(timer)
      if (!isThere || saysNothing(asked())) {
        life.abort()
        setAsking(false)
        setParsed(undefined)
        return
      }
      setAsking(true)
      timer = window.setTimeout(() => void ask(), parsed() ? PAUSE_MS : 0)
    }),
  )
  onCleanup(() => {
    clearTimeout(timer)
    life.abort()
  })

  return { parsed, isAsking }
}

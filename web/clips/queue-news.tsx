import { createEffect, createMemo, onCleanup } from 'solid-js'
import { PAGES } from '../navigation/navigation'
import { useUnderstudy } from '../understudy'
import { useClips } from './clips-context'

/** How the queue is doing, for those who do not look at it: in the tab's title, and said by screen readers now and then. */
export function QueueNews() {
  const { navigation } = useUnderstudy()
  const { queue } = useClips()
  const percent = createMemo(() => {
    const done = queue.running()?.progress?.done
    return done === undefined ? undefined : Math.floor(100 * done)
  })
  createEffect(() => {
    const { title } = PAGES[navigation.page()]
    document.title = percent() === undefined ? title : `${percent()} % · ${title}`
  })
  onCleanup(() => {
    document.title = PAGES[navigation.page()].title
  })
  // Every percent would be noise.
  const quarter = createMemo(() => Math.floor((percent() ?? 0) / 25) * 25)
  const news = () => {
    const job = queue.running()
    return job ? `${job.name}: ${quarter()} % done` : ''
  }
  return (
    <p class="visually-hidden" role="status">
      {news()}
    </p>
  )
}

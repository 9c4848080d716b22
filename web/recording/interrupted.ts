import type { LibraryItem } from '../../workers/library/library-item'
import { clock } from '../clips/times'
import type { Notices } from '../ui/notices'
import { explain } from '../words/errors'
import type { Recorder } from './recorder'

/**
 * Recordings that were cut off when the page died are offered at its next start; what is not answered is in the library.
 * Resolves with the number of the notice, undefined where there is nothing to offer.
 */
export async function offerInterrupted(recorder: Recorder, notices: Notices): Promise<number | undefined> {
  const complain = (error: unknown) => void notices.say('problem', explain(error))
  const found = await recorder.api().interrupted()
  if (found.length === 0) return undefined

  const keep = async () => {
    for (const { id } of found) await recorder.api().keep(id)
    notices.say('done', {
      title: found.length === 1 ? 'Recording kept' : 'Recordings kept',
      text: namesOf(found),
    })
  }
  const restore = () => recorder.api().restore(found.map(({ id }) => id))
  const remove = async () => {
    await recorder.api().remove(found.map(({ id }) => id))
    const title = found.length === 1 ? 'Recording deleted' : 'Recordings deleted'
    const action = { label: 'Undo', run: () => void restore().catch(complain) }
    notices.say('info', { title, text: namesOf(found) }, { action, forMs: 10_000 })
  }
  return notices.say('info', wordsOf(found), {
    action: { label: 'Keep', run: () => void keep().catch(complain) },
    otherAction: { label: 'Delete', run: () => void remove().catch(complain) },
    forMs: Number.POSITIVE_INFINITY,
  })
}

const namesOf = (items: readonly LibraryItem[]): string => items.map(({ name }) => name).join(', ')

function wordsOf(found: readonly LibraryItem[]) {
  const seconds = found.reduce((sum, { durationS = 0 }) => sum + durationS, 0)
  const saved = seconds < 60 ? `${Math.round(seconds)} s` : `${clock(seconds)} min`
  return found.length === 1
    ? { title: 'A recording was interrupted', text: `${saved} were saved.` }
    : { title: `${found.length} recordings were interrupted`, text: `${saved} were saved in all.` }
}

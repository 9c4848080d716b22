import type { LibraryApi } from '../../workers/library/library-item'
import { connect } from '../../workers/rpc/connect'
import type { JobView } from '../edge/edge'
import { nameOf } from '../jobs/job-words'

/** Keeps a result on this device too. Resolves to the name it is kept under; rejects with a named Error. */
export async function toLibrary(job: JobView, url: string): Promise<string> {
  using connection = connect<LibraryApi>(
    new Worker(new URL('../../workers/library/library.worker.ts', import.meta.url), {
      type: 'module',
      name: 'library',
    }),
  )
  const name = nameOf(job).slice(0, 80)
  await connection.api.take(name, url)
  return name
}

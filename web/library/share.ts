/** Handing files to other apps, where the browser can. */
import { extensionOf } from '../../workers/library/file-name'
import { type ProblemName, problem } from '../words/errors'

/** Why files of this type cannot be shared here; undefined where they can. */
export function whyNotShared(type: string): ProblemName | undefined {
  if (!navigator.canShare) return 'ShareUnavailableError'
  const probe = new File([], `probe.${extensionOf(type)}`, { type })
  return navigator.canShare({ files: [probe] }) ? undefined : 'ShareTypeError'
}

/** Resolves when it was handed over or the person changed their mind. Rejects with a named Error. */
export async function share(files: readonly File[]): Promise<void> {
  for (const { type } of files) {
    const reason = whyNotShared(type)
    if (reason) throw problem(reason)
  }
  await navigator.share({ files: [...files] }).catch((error) => {
    if (error instanceof DOMException && error.name === 'AbortError') return
    throw problem('ShareFailedError', error instanceof Error ? error.message : '')
  })
}

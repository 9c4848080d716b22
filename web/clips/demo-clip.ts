import { proxy } from 'comlink'
import type { DemoClipApi } from '../../workers/demo-head/demo-clip.worker'
import { connect } from '../../workers/rpc/connect'

/** A short clip of the demo head, rendered on the spot. Rejects with a named Error. */
export async function openDemoClip(onProgress: (done: number) => void): Promise<File> {
  using connection = connect<DemoClipApi>(
    new Worker(new URL('../../workers/demo-head/demo-clip.worker.ts', import.meta.url), {
      type: 'module',
      name: 'demo clip',
    }),
  )
  const clip = await connection.api.render(proxy(onProgress))
  return new File([clip], 'Demo clip.mp4', { type: clip.type })
}

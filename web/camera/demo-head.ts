import { transfer } from 'comlink'
import type { DemoHeadApi } from '../../workers/demo-head/demo-head.worker'
import { connect } from '../../workers/rpc/connect'
import type { FrameFeed } from './frames'

const start = () =>
  connect<DemoHeadApi>(
    new Worker(new URL('../../workers/demo-head/demo-head.worker.ts', import.meta.url), {
      type: 'module',
      name: 'demo head',
    }),
  )

/** A talking head, rendered in a thread of its own that ends with the feed. */
export async function openDemoHead(): Promise<FrameFeed> {
  const connection = start()
  try {
    const { port1, port2 } = new MessageChannel()
    await connection.api.play(transfer(port1, [port1]))
    return { payload: port2, end: async () => connection[Symbol.dispose]() }
  } catch (error) {
    connection[Symbol.dispose]()
    throw error
  }
}

/** Characters to try. The pictures are the caller's to close. */
export async function demoPortraits(): Promise<{ readonly name: string; readonly image: ImageBitmap }[]> {
  using connection = start()
  return await connection.api.portraits()
}

import { transfer } from 'comlink'
import { connect } from '../../workers/rpc/connect'
import type { FrameFeed } from './frames'

/** What the demo head's thread offers. */
interface DemoHeadApi {
  /** Posts frames on the port, one for each 'more' and one to begin with, until it hears null. */
  play(port: MessagePort): Promise<void>
  /** Characters to try, as portraits. */
  portraits(): Promise<{ readonly name: string; readonly image: ImageBitmap }[]>
}

const makers = import.meta.glob<{ default: new () => Worker }>(
  '../../workers/demo-head/demo-head.worker.ts',
  {
    query: '?worker',
  },
)

async function open() {
  const [make] = Object.values(makers)
  if (!make) throw new Error('The demo head is not here.')
  const { default: DemoHeadWorker } = await make()
  return connect<DemoHeadApi>(new DemoHeadWorker())
}

/** A talking head, rendered in a thread of its own that ends with the feed. */
export async function openDemoHead(): Promise<FrameFeed> {
  const connection = await open()
  const { port1, port2 } = new MessageChannel()
  await connection.api.play(transfer(port1, [port1]))
  return { payload: port2, [Symbol.dispose]: () => connection[Symbol.dispose]() }
}

/** The pictures are the caller's to close. */
export async function demoPortraits(): Promise<{ readonly name: string; readonly image: ImageBitmap }[]> {
  using connection = await open()
  return await connection.api.portraits()
}

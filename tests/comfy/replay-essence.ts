/** What of a recorded message or answer is compared. */
import { essence } from './alike'
import type { RecordedAnswer, RecordedMessage } from './transcript'

/** Status comes whenever a request is taken, between any two others: it is compared apart. */
export function isTold(
  { data, binary }: RecordedMessage,
  { isRough }: { readonly isRough: boolean },
): boolean {
  if (data?.type === 'status') return false
  return !isRough || (binary === undefined && data?.type !== 'progress' && data?.type !== 'progress_state')
}

export function messageEssence(
  { data, header, metadata }: RecordedMessage,
  ids: ReadonlyMap<string, string>,
): unknown {
  if (data) return essence(data, ids)
  return {
    kind: header?.slice(0, 8),
    type: metadata ? undefined : header?.slice(8, 16),
    metadata: essence(metadata, ids),
  }
}

export function readMessage(data: Buffer, isBinary: boolean): RecordedMessage {
  if (!isBinary) return { data: JSON.parse(data.toString()) }
  const header = data.toString('hex', 0, 16)
  if (data.readUInt32BE(0) !== 4) return { binary: data.length, header }
  return {
    binary: data.length,
    header,
    metadata: JSON.parse(data.toString('utf8', 8, 8 + data.readUInt32BE(4))),
  }
}

const told = ['content-type', 'content-range', 'accept-ranges', 'content-disposition', 'allow']

export function answerEssence(
  { status, headers = {}, json, text, error }: RecordedAnswer,
  ids: ReadonlyMap<string, string>,
  path: string,
): unknown {
  if (error !== undefined) return 'no connection'
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const shown = Object.fromEntries(
    told.flatMap((name) => (lower[name] === undefined ? [] : [[name, essence(lower[name], ids)]])),
  )
  // Sizes of pictures, nodes and machines are others here.
  delete shown['content-range']
  if (path === '/') delete shown['accept-ranges'] // its page is no file
  const isOwn = /^\/(system_stats|object_info|models|view|$)/.test(path)
  const body = isOwn ? undefined : json === undefined ? text : essence(json, ids)
  return { status, headers: shown, body: body === '' ? undefined : body }
}

export function isTruncated(json: unknown): boolean {
  return typeof json === 'object' && json !== null && '__truncated__' in json
}

export function sorted(messages: readonly unknown[]): unknown[] {
  const outline = messages.map((message) => {
    const { type, data } = message as { type: string; data: Record<string, unknown> } // isRough and 03 hear nothing else
    return `${type} ${data.node ?? data.node_id ?? ''} ${data.prompt_id ?? ''} ${JSON.stringify(data.output ?? '')}`
  })
  return outline.sort()
}

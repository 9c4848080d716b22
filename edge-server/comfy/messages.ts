/** What a box says over its WebSocket, as far as we listen. */
import * as v from 'valibot'
import type { PromptEvent } from './comfy'

/** `promptId` is missing where the box does not say it: after a reconnect (09_ws_reconnect) and with old previews (10_previews). */
export interface Heard {
  readonly promptId: string | undefined
  /** `ended`: how, only the history tells. */
  readonly event: PromptEvent | { readonly kind: 'ended' }
}

const id = v.pipe(v.string(), v.maxLength(200))
const Envelope = v.object({ type: id, data: v.unknown() })
const Start = v.object({ prompt_id: id })
const Cached = v.object({ prompt_id: id, nodes: v.array(id) })
const Executing = v.object({ prompt_id: v.optional(id), node: v.nullable(id) })
const Step = v.object({
  prompt_id: v.optional(id),
  node: v.nullish(id),
  value: v.pipe(v.number(), v.minValue(0)),
  max: v.pipe(v.number(), v.gtValue(0)),
})

/** Undefined for what is of no interest. Throws SyntaxError or ValiError for what no box says. */
export function parseMessage(text: string): Heard | undefined {
  const { type, data } = v.parse(Envelope, JSON.parse(text))
  switch (type) {
    case 'execution_start':
      return { promptId: v.parse(Start, data).prompt_id, event: { kind: 'started' } }
    case 'execution_cached': {
      const { prompt_id, nodes } = v.parse(Cached, data)
      return { promptId: prompt_id, event: { kind: 'cached', nodeIds: nodes } }
    }
    case 'executing': {
      const { prompt_id, node } = v.parse(Executing, data)
      return {
        promptId: prompt_id,
        event: node === null ? { kind: 'ended' } : { kind: 'node', nodeId: node },
      }
    }
    case 'progress': {
      const { prompt_id, node, value, max } = v.parse(Step, data)
      return node == null
        ? undefined
        : { promptId: prompt_id, event: { kind: 'progress', nodeId: node, value, max } }
    }
    case 'execution_success':
    case 'execution_error':
    case 'execution_interrupted':
      return { promptId: v.parse(Start, data).prompt_id, event: { kind: 'ended' } }
    default:
      return undefined
  }
}

const mostPreviewBytes = 4 * 1024 * 1024

const Metadata = v.object({ prompt_id: v.optional(id), image_type: v.optional(v.string()) })

/** Binary messages are previews: event 1 the picture alone, event 4 with what it is about (10_previews). */
export function parseBinary(frame: Buffer): Heard | undefined {
  if (frame.length < 8) return undefined
  const kind = frame.readUInt32BE(0)
  const second = frame.readUInt32BE(4)
  if (kind === 1) return preview(undefined, frame.subarray(8))
  if (kind !== 4 || 8 + second > frame.length) return undefined
  const about = v.parse(Metadata, JSON.parse(frame.toString('utf8', 8, 8 + second)))
  return preview(about.prompt_id, frame.subarray(8 + second))
}

/** What the picture is, its own first bytes tell; anything but the two is not passed on. */
function preview(promptId: string | undefined, bytes: Buffer): Heard | undefined {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
  const isPng = bytes[0] === 0x89 && bytes.toString('latin1', 1, 4) === 'PNG'
  if ((!isJpeg && !isPng) || bytes.length > mostPreviewBytes) return undefined
  return { promptId, event: { kind: 'preview', type: isJpeg ? 'image/jpeg' : 'image/png', bytes } }
}

/** How a prompt ended, as a box's history tells it. */
import * as v from 'valibot'
import type { HistoryEntry } from './answers'
import type { NodeOutput, Outcome } from './comfy'
import { harmless } from './harmless'

const Message = v.tuple([v.string(), v.optional(v.unknown())])
const Failure = v.object({
  node_type: v.optional(v.string(), 'unknown'),
  exception_message: v.optional(v.string(), ''),
})
const File = v.object({
  filename: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  subfolder: v.optional(v.pipe(v.string(), v.maxLength(1024)), ''),
  type: v.picklist(['input', 'output', 'temp']),
})

export function outcomeOf({ outputs, status }: HistoryEntry): Outcome {
  const messages = (status?.messages ?? []).flatMap((message) => {
    const { success, output } = v.safeParse(Message, message)
    return success ? [output] : []
  })
  // 07_interrupt_running: the status says "error" then too; only this tells one from the other.
  if (messages.some(([type]) => type === 'execution_interrupted')) return { name: 'interrupted' }
  const error = messages.find(([type]) => type === 'execution_error')
  if (error || (status && status.completed !== true && status.status_str !== 'success')) {
    const told = v.safeParse(Failure, error?.[1])
    if (!told.success) return { name: 'failed', nodeType: 'unknown', message: '' }
    const { node_type, exception_message } = told.output
    return { name: 'failed', nodeType: harmless(node_type), message: harmless(exception_message) }
  }
  return { name: 'succeeded', outputs: filesOf(outputs) }
}

/** Files are under `images`, `gifs`, `audio`, … and among things that are no files (03_video, 18_vhs). */
function filesOf(outputs: HistoryEntry['outputs']): NodeOutput[] {
  return Object.entries(outputs).flatMap(([nodeId, output]) =>
    Object.values(output ?? {})
      .filter(Array.isArray)
      .flat()
      .flatMap((value: unknown) => {
        const { success, output: file } = v.safeParse(File, value)
        return success ? [{ nodeId, file }] : []
      }),
  )
}

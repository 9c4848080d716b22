/** What a box's answers look like. Only what we use is looked at; the rest may be as it likes. */
import * as v from 'valibot'

const text = v.pipe(v.string(), v.maxLength(4096))
const record = <T>(schema: v.GenericSchema<unknown, T>) => v.record(v.string(), schema)

export const SystemStats = v.object({ system: v.object({ comfyui_version: v.optional(text, 'unknown') }) })

export const ExecInfo = v.object({
  exec_info: v.object({ queue_remaining: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
})

export const Features = v.object({ max_upload_size: v.optional(v.pipe(v.number(), v.minValue(1))) })

// [number, id, prompt, extra_data, outputs] (24_savevideo_both_forms); only the id matters.
const QueueItem = v.pipe(
  v.array(v.unknown()),
  v.transform((item) => item[1]),
  text,
)
export const Queue = v.object({ queue_running: v.array(QueueItem), queue_pending: v.array(QueueItem) })

export const HistoryEntry = v.object({
  outputs: v.optional(record(v.unknown()), {}),
  status: v.nullish(
    v.object({
      status_str: v.optional(text),
      completed: v.optional(v.boolean()),
      messages: v.optional(v.array(v.unknown()), []),
    }),
  ),
})
export type HistoryEntry = v.InferOutput<typeof HistoryEntry>
export const History = record(HistoryEntry)

export const Uploaded = v.object({ name: v.pipe(text, v.minLength(1)), subfolder: v.optional(text, '') })

const extraInfo = v.optional(record(v.unknown()), {})
const Problem = v.object({
  type: text,
  message: v.optional(v.string(), ''),
  details: v.optional(v.string(), ''),
  extra_info: extraInfo,
})
export type Problem = v.InferOutput<typeof Problem>

const NodeErrors = record(v.object({ errors: v.array(Problem), class_type: v.optional(text, '') }))
export type NodeErrors = v.InferOutput<typeof NodeErrors>

export const Taken = v.object({ prompt_id: text, node_errors: v.optional(NodeErrors, {}) })

// Python writes an empty one as a list in places.
export const Refused = v.object({
  error: Problem,
  node_errors: v.optional(
    v.union([
      NodeErrors,
      v.pipe(
        v.array(v.never()),
        v.transform((): NodeErrors => ({})),
      ),
    ]),
    {},
  ),
})

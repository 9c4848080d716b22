/** Every shape that crosses the API, in one place: what is parsed, what is answered, what the OpenAPI document shows. */
import * as v from 'valibot'
import { QUALITY_TIERS, STATE_NAMES } from '../jobs/job'

const FILE_KINDS = ['image', 'video', 'audio'] as const
/** A shape with a name of its own in the document. */
const named = <S extends v.GenericSchema>(ref: string, schema: S) => v.pipe(schema, v.metadata({ ref }))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** Milliseconds since 1970, by the server's clock. */
const moment = v.number()

export const Tier = v.picklist(QUALITY_TIERS)
const Name = v.pipe(v.string(), v.regex(/^[A-Za-z][\w-]{0,63}$/, 'is not a name'))
const FileId = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is not the id of a file'))

// What is asked

export const JobId = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'is not the id of a job')),
})

export const NewJob = named(
  'NewJob',
  v.object({
    workflow: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w-]{0,63}$/, 'is not the name of a workflow')),
    tier: v.optional(Tier, 'standard'),
    inputs: v.record(Name, FileId),
    parameters: v.optional(
      v.record(Name, v.union([v.pipe(v.string(), v.maxLength(20_000)), v.number(), v.boolean()])),
      {},
    ),
    sentence: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  }),
)

export const IdempotencyKey = v.object({
  'idempotency-key': v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/, 'wants 1 to 200 visible characters')),
  ),
})

export const Sentence = named(
  'Sentence',
  v.object({
    text: v.pipe(v.string(), v.maxLength(2000)),
    images: v.optional(v.pipe(count, v.maxValue(100)), 0),
    videos: v.optional(v.pipe(count, v.maxValue(100)), 0),
    mode: v.optional(v.picklist(['face', 'full-body', 'motion'])),
  }),
)

const flag = v.optional(v.picklist(['true', 'false']), 'false')

export const JobsQuery = v.object({
  /** One state or several, also with commas between them. */
  state: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((asked) => [asked].flat().flatMap((text) => text.split(','))),
      v.array(v.picklist(STATE_NAMES)),
    ),
  ),
  before: v.optional(JobId.entries.id),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, 'wants a number from 1 to 200'),
      v.transform(Number),
      v.minValue(1, 'wants a number from 1 to 200'),
      v.maxValue(200, 'wants a number from 1 to 200'),
    ),
    '50',
  ),
})

export const CancelQuery = v.object({ forget: flag })
export const ResultQuery = v.object({ output: v.optional(Name), download: flag })

// What is answered

export const Refused = named(
  'Refused',
  v.object({ error: v.object({ name: v.string(), message: v.string() }) }),
)

export const MissingPart = named(
  'Missing',
  v.object({ kind: v.picklist(['node', 'model']), name: v.string(), how: v.string() }),
)

const ProgressView = v.object({
  /** 0..1 of the whole job. */
  fraction: v.number(),
  doing: v.string(),
})

export const JobView = named(
  'Job',
  v.object({
    id: v.string(),
    workflow: v.string(),
    title: v.string(),
    sentence: v.string(),
    tier: Tier,
    inputs: v.record(v.string(), v.string()),
    parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
    state: v.picklist(STATE_NAMES),
    /** Grows with each change: of two views the one with the greater number is the newer. */
    version: count,
    waiting: v.optional(v.object({ reason: v.string(), missing: v.optional(v.array(MissingPart)) })),
    error: v.optional(
      v.object({ name: v.string(), message: v.string(), missing: v.optional(v.array(MissingPart)) }),
    ),
    /** Name of the box it is on. */
    box: v.optional(v.string()),
    progress: v.optional(ProgressView),
    /** Milliseconds left, as far as is known. */
    etaMs: v.optional(v.number()),
    results: v.array(v.object({ output: v.string(), type: v.string(), bytes: v.number(), url: v.string() })),
    thumbnailUrl: v.optional(v.string()),
    cancelRequested: v.boolean(),
    addedMs: moment,
    changedMs: moment,
    startedMs: v.optional(moment),
    endedMs: v.optional(moment),
  }),
)
export type JobView = v.InferOutput<typeof JobView>

export const JobList = v.object({
  jobs: v.array(JobView),
  /** Id to ask `before` for the next page; absent on the last one. */
  next: v.optional(v.string()),
})

/** Texts on /ws/generate/:id and /ws/jobs. Previews come as binary messages, on the former only. */
export const JobMessage = named(
  'JobMessage',
  v.variant('kind', [
    v.object({ kind: v.literal('state'), id: v.string(), job: JobView }),
    v.object({
      kind: v.literal('progress'),
      id: v.string(),
      progress: ProgressView,
      etaMs: v.optional(v.number()),
    }),
    v.object({ kind: v.literal('removed'), id: v.string() }),
  ]),
)
export type JobMessage = v.InferOutput<typeof JobMessage>

/** Whether a box can run a workflow now. */
export const Readiness = named(
  'Readiness',
  v.variant('name', [
    v.object({ name: v.literal('ready'), boxes: v.array(v.string()) }),
    /** Boxes answer, but none has all it needs; what the nearest lacks. */
    v.object({ name: v.literal('lacking'), box: v.string(), missing: v.array(MissingPart) }),
    v.object({ name: v.literal('noBox'), reason: v.string() }),
  ]),
)
export type Readiness = v.InferOutput<typeof Readiness>

const described = {
  name: v.string(),
  label: v.string(),
  hint: v.optional(v.string()),
}
const parameter = { ...described, advanced: v.boolean() }
const range = {
  default: v.number(),
  min: v.number(),
  max: v.number(),
  step: v.number(),
  unit: v.optional(v.string()),
  /** The value that leaves it to the quality, where there is one. */
  auto: v.optional(v.number()),
}

export const WorkflowView = named(
  'Workflow',
  v.object({
    id: v.string(),
    title: v.string(),
    does: v.string(),
    model: v.string(),
    /** Sentences to read before it is used. */
    notes: v.array(v.string()),
    inputs: v.array(v.object({ ...described, kind: v.picklist(['image', 'video']), required: v.boolean() })),
    parameters: v.array(
      v.variant('kind', [
        v.object({
          ...parameter,
          kind: v.literal('text'),
          default: v.string(),
          maxLength: v.number(),
        }),
        v.object({ ...parameter, kind: v.picklist(['integer', 'number']), ...range }),
        v.object({ ...parameter, kind: v.literal('seed'), max: v.number() }),
        v.object({
          ...parameter,
          kind: v.literal('choice'),
          default: v.string(),
          choices: v.array(v.object({ value: v.string(), label: v.string() })),
        }),
        v.object({ ...parameter, kind: v.literal('switch'), default: v.boolean() }),
      ]),
    ),
    outputs: v.array(v.object({ name: v.string(), kind: v.picklist(FILE_KINDS) })),
    tiers: v.array(v.object({ name: Tier, label: v.string(), readiness: Readiness })),
    isOwn: v.boolean(),
  }),
)
export type WorkflowView = v.InferOutput<typeof WorkflowView>

export const WorkflowList = v.object({
  workflows: v.array(WorkflowView),
  /** Sentences about files of the user's folder that are no workflows. */
  faults: v.array(v.string()),
})

export const PromptView = named(
  'Prompt',
  v.object({
    language: v.string(),
    understood: v.boolean(),
    readBy: v.picklist(['rules', 'model']),
    /** Best first. */
    choices: v.array(
      v.object({
        workflow: v.string(),
        title: v.string(),
        model: v.string(),
        does: v.string(),
        reasons: v.array(v.string()),
        /** What it needs that was not brought. */
        missing: v.array(v.picklist(['image', 'video'])),
        confidence: v.number(),
        /** In the quality asked for, or the standard one. */
        readiness: Readiness,
      }),
    ),
    parameters: v.object({
      prompt: v.string(),
      quality: v.optional(Tier),
      durationS: v.optional(v.number()),
      strength: v.optional(v.number()),
      seed: v.optional(v.number()),
      style: v.optional(v.string()),
      negative: v.array(v.string()),
      swap: v.optional(v.object({ from: v.string(), to: v.string() })),
      subject: v.optional(v.string()),
    }),
  }),
)
export type PromptView = v.InferOutput<typeof PromptView>

export const BoxView = named(
  'Box',
  v.object({
    name: v.string(),
    state: v.picklist(['unknown', 'up', 'down']),
    /** The same in words. */
    health: v.string(),
    version: v.optional(v.string()),
    /** Prompts on it, of everybody. */
    load: count,
    /** Places of ours that are taken, and how many there are. */
    taken: count,
    concurrency: count,
  }),
)
export type BoxView = v.InferOutput<typeof BoxView>

export const BoxList = v.object({ boxes: v.array(BoxView) })

export const Health = named(
  'Health',
  v.object({
    name: v.string(),
    version: v.string(),
    uptimeSeconds: count,
    boxes: v.object({ up: count, all: count }),
    jobs: v.record(v.string(), count),
  }),
)

/** What NAME.about.json says about the graph in NAME.json: what may be set, and where each value goes. */
import * as v from 'valibot'
import { QUALITY_TIERS } from '../jobs/job'

const Name = v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'Names are like durationS.'))
const Words = v.pipe(v.string(), v.nonEmpty(), v.maxLength(400))
const Scalar = v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()])

/** An input of a node; the node by its title, or by its class where no other has that. */
const Place = v.strictObject({ node: Words, input: Words })
export type Place = v.InferOutput<typeof Place>

/** Values that follow from several parameters and the quality. */
const SOURCES = ['frames', 'durationS', 'fps', 'width', 'height', 'point'] as const
export type Source = (typeof SOURCES)[number]

const Setting = v.union([
  v.strictObject({ ...Place.entries, value: Scalar }),
  v.strictObject({ ...Place.entries, from: v.picklist(SOURCES) }),
])
export type Setting = v.InferOutput<typeof Setting>

const Settings = v.optional(v.array(Setting), [])
const PartNames = v.optional(v.array(v.string()), [])
const Places = v.optional(v.array(Place), [])

const Input = v.strictObject({
  name: Name,
  label: Words,
  kind: v.picklist(['image', 'video']),
  required: v.boolean(),
  hint: v.exactOptional(Words),
  at: v.pipe(v.array(Place), v.minLength(1)),
  /** Titles of nodes that only serve this input: where it is not given they go with its loader. */
  serves: v.optional(v.array(Words), []),
})

const named = {
  name: Name,
  label: Words,
  hint: v.exactOptional(Words),
  advanced: v.optional(v.boolean(), false),
  at: Places,
}
const Bound = v.pipe(v.number(), v.finite())
const Parameter = v.variant('kind', [
  v.strictObject({
    ...named,
    kind: v.literal('text'),
    default: v.string(),
    maxLength: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
    /** The text that leaves the graph's own. */
    auto: v.exactOptional(v.string()),
  }),
  v.strictObject({
    ...named,
    kind: v.picklist(['integer', 'number']),
    default: Bound,
    min: Bound,
    max: Bound,
    step: v.pipe(Bound, v.minValue(1e-6)),
    unit: v.exactOptional(Words),
    /** The value that leaves things as the quality has them. */
    auto: v.exactOptional(Bound),
  }),
  v.strictObject({
    ...named,
    kind: v.literal('seed'),
    max: v.pipe(v.number(), v.integer(), v.maxValue(Number.MAX_SAFE_INTEGER)),
  }),
  v.strictObject({
    ...named,
    kind: v.literal('choice'),
    default: v.string(),
    choices: v.pipe(
      v.array(v.strictObject({ value: v.string(), label: Words, parts: PartNames, set: Settings })),
      v.minLength(1),
    ),
  }),
  v.strictObject({ ...named, kind: v.literal('switch'), default: v.boolean() }),
])
export type Parameter = v.InferOutput<typeof Parameter>

const Pixels = v.pipe(v.number(), v.integer(), v.multipleOf(16), v.minValue(16))
const SizeEntry = v.strictObject({ width: Pixels, height: Pixels })

const Tier = v.strictObject({
  label: Words,
  /** By the values of the parameter named shape. */
  sizes: v.optional(v.record(v.string(), SizeEntry), {}),
  parts: PartNames,
  set: Settings,
})

/** One of the ways to do a task; the first that a box has all nodes and models for is taken. */
const Option = v.strictObject({ label: Words, parts: PartNames, set: Settings })
export type Option = v.InferOutput<typeof Option>

export const DeclarationSchema = v.strictObject({
  title: Words,
  does: Words,
  model: Words,
  /** Sentences that people should read before they use it. */
  notes: v.optional(v.array(Words), []),
  /** Frames per second of the result, where the workflow sets it. */
  fps: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(120))),
  inputs: v.array(Input),
  parameters: v.array(Parameter),
  /** Each with the nodes that may save it; exactly one of them is in a finished graph. */
  outputs: v.pipe(
    v.array(
      v.strictObject({
        name: Name,
        kind: v.picklist(['image', 'video', 'audio']),
        nodes: v.pipe(v.array(Words), v.minLength(1)),
      }),
    ),
    v.minLength(1),
  ),
  tiers: v.strictObject({
    fast: v.exactOptional(Tier),
    standard: v.exactOptional(Tier),
    high: v.exactOptional(Tier),
  }),
  set: Settings,
  /** Values that a box must know: an older one would pass over them without a word. */
  relies: Places,
  alternatives: v.optional(
    v.array(
      v.strictObject({
        task: Words,
        tiers: v.optional(v.array(v.picklist(QUALITY_TIERS)), [...QUALITY_TIERS]),
        options: v.pipe(v.array(Option), v.minLength(1)),
      }),
    ),
    [],
  ),
  /** Words for progress by node title, where the class says too little. */
  doing: v.optional(v.record(v.string(), Words), {}),
})
export type Declaration = v.InferOutput<typeof DeclarationSchema>

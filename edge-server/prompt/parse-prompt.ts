/** From a sentence to the workflow that does it: deterministic, offline, with reasons. */
import { type Parameters, parametersIn } from './parameters'
import { type Concept, conceptsIn, type Language, languageOf, plainText } from './words'
import { ROUTED, type Routed, type WorkflowId } from './workflows'

/** What a person brought along. */
export interface Given {
  readonly images: number
  readonly videos: number
  /** The mode chosen on the page, where there is one. */
  readonly mode: 'face' | 'full-body' | 'motion' | undefined
}

export interface Choice {
  readonly workflow: WorkflowId
  readonly does: string
  /** Sentences: which words speak for it. */
  readonly reasons: readonly string[]
  /** What it needs that was not brought. */
  readonly missing: readonly ('image' | 'video')[]
  /** Share of the points of all choices, 0..1. */
  readonly confidence: number
}

export interface ParsedPrompt {
  readonly language: Language
  /** Best first; the first is the one to use. With nothing understood, the nearest for what was brought. */
  readonly choices: readonly [Choice, ...Choice[]]
  /** False where nothing in the sentence said what to do: ask. */
  readonly understood: boolean
  readonly parameters: Parameters
  /** Who read the sentence: the rules here, or a language model whose answer passed them. */
  readonly readBy: 'rules' | 'model'
}

/** Reads a sentence: the rules do, or a language model behind the same interface. */
export type ReadPrompt = (text: string, given: Given, signal: AbortSignal) => Promise<ParsedPrompt>

/** How many choices are offered, the best included. */
const OFFERED = 4

/**
 * What a file that is missing costs: it can still be added, but what was brought says what was meant. Where nothing was brought yet, it says
 * little.
 */
const MISSING_COST = { someBrought: 5, noneBrought: 0.5 }
/** A video that a workflow has no use for was not brought for nothing. */
const UNUSED_VIDEO_COST = 2
const MODE_POINTS: Readonly<Record<NonNullable<Given['mode']>, Partial<Record<WorkflowId, number>>>> = {
  face: { face_swap_reactor: 2, liveportrait_animate: 0.5 },
  'full-body': { wan_vace_pose_transfer: 1.5, wan22_animate_mix: 1.5 },
  motion: { wan22_animate_move: 1.5, wan_vace_motion_transfer: 1, liveportrait_animate: 0.5 },
}
/** Points by words alone from which a sentence counts as understood. */
const UNDERSTOOD_FROM = 2

/** Never fails: where nothing is understood, it says so and offers what fits the files. */
export function parsePrompt(text: string, given: Given): ParsedPrompt {
  const plain = plainText(text)
  const language = languageOf(plain)
  const concepts = conceptsIn(plain, language)
  const [first, ...rest] = rank(concepts, given)
  return {
    language,
    choices: [first.choice, ...rest.slice(0, OFFERED - 1).map(({ choice }) => choice)],
    understood: first.bySaying >= UNDERSTOOD_FROM,
    parameters: parametersIn(text, plain, language),
    readBy: 'rules',
  }
}

interface Ranked {
  readonly choice: Choice
  /** Points by words alone. */
  readonly bySaying: number
}

function rank(concepts: ReadonlyMap<Concept, string>, given: Given): [Ranked, ...Ranked[]] {
  const scored = ROUTED.map((routed) => ({ routed, ...score(routed, concepts, given) })).sort(
    (a, b) => b.total - a.total,
  )
  const sum = scored.reduce((all, { total }) => all + Math.max(0, total), 0)
  const [first, ...rest] = scored.map(({ routed, said, missing, total, bySaying }) => ({
    bySaying,
    choice: {
      workflow: routed.id,
      does: routed.does,
      reasons: reasonsFor(said, given, missing),
      missing,
      confidence: sum > 0 ? Math.round((100 * Math.max(0, total)) / sum) / 100 : 0,
    },
  }))
  if (!first) throw new Error('There is no workflow to choose from.')
  return [first, ...rest]
}

function score({ id, needs, points }: Routed, concepts: ReadonlyMap<Concept, string>, given: Given) {
  const said: string[] = []
  let bySaying = 0
  for (const [key, value] of Object.entries(points)) {
    const parts = key.split('+') as Concept[] // the keys of `points`
    if (!parts.every((part) => concepts.has(part))) continue
    bySaying += value
    if (value > 0) said.push(...parts.map((part) => concepts.get(part) ?? ''))
  }
  const missing = missingOf(needs, given)
  const nothingBrought = given.images + given.videos === 0
  const missingCost = nothingBrought ? MISSING_COST.noneBrought : MISSING_COST.someBrought
  const unusedCost = given.videos > 0 && !needs.video ? UNUSED_VIDEO_COST : 0
  const byMode = given.mode ? (MODE_POINTS[given.mode][id] ?? 0) : 0
  const total = bySaying + byMode - missingCost * missing.length - unusedCost
  return { said: [...new Set(said)], missing, bySaying, total }
}

/** What a workflow needs that was not brought. */
export const missingOf = (needs: Routed['needs'], given: Given) =>
  (['image', 'video'] as const).filter(
    (kind) => needs[kind] && (kind === 'image' ? given.images : given.videos) === 0,
  )

const KIND_IN_WORDS = { image: 'a picture', video: 'a video' } as const

function reasonsFor(
  said: readonly string[],
  given: Given,
  missing: readonly ('image' | 'video')[],
): string[] {
  const reasons = said.length > 0 ? [`You said ${said.map((words) => `“${words}”`).join(', ')}.`] : []
  if (missing.length > 0)
    reasons.push(`It also needs ${missing.map((kind) => KIND_IN_WORDS[kind]).join(' and ')}.`)
  else if (given.videos > 0 || given.images > 0) reasons.push('It fits what you added.')
  return reasons
}

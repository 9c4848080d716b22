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
  /** Nothing in the sentence said what to do: ask. */
  readonly understood: boolean
  readonly parameters: Parameters
}

/** A missing file costs this many points: it can still be added, but what was brought says what was meant. */
const MISSING_COST = 2.5
const MODE_POINTS: Readonly<Record<NonNullable<Given['mode']>, Partial<Record<WorkflowId, number>>>> = {
  face: { face_swap_reactor: 2, liveportrait_animate: 0.5 },
  'full-body': { wan_vace_pose_transfer: 1.5, wan22_animate_mix: 1.5 },
  motion: { wan22_animate_move: 1.5, wan_vace_motion_transfer: 1, liveportrait_animate: 0.5 },
}
const UNDERSTOOD_FROM = 2

export function parsePrompt(text: string, given: Given): ParsedPrompt {
  const plain = plainText(text)
  const language = languageOf(plain)
  const concepts = conceptsIn(plain, language)
  const scored = ROUTED.map((routed) => ({ routed, ...score(routed, concepts, given) })).sort(
    (a, b) => b.total - a.total,
  )
  const sum = scored.reduce((all, { total }) => all + Math.max(0, total), 0)
  const choices = scored.map(
    ({ routed, said, missing, total }): Choice => ({
      workflow: routed.id,
      does: routed.does,
      reasons: reasonsFor(said, given, missing),
      missing,
      confidence: sum > 0 ? Math.round((100 * Math.max(0, total)) / sum) / 100 : 0,
    }),
  )
  const [first, ...rest] = choices
  if (!first) throw new Error('There is no workflow to choose from.')
  return {
    language,
    choices: [first, ...rest.slice(0, 3)],
    understood: (scored[0]?.bySaying ?? 0) >= UNDERSTOOD_FROM,
    parameters: parametersIn(plain, language),
  }
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
  const missing = (['image', 'video'] as const).filter(
    (kind) => needs[kind] && (kind === 'image' ? given.images : given.videos) === 0,
  )
  // A video that a workflow has no use for was not brought for nothing.
  const unused = given.videos > 0 && !needs.video ? 1.5 : 0
  const byMode = given.mode ? (MODE_POINTS[given.mode][id] ?? 0) : 0
  const total = bySaying + byMode - MISSING_COST * missing.length - unused
  return { said: [...new Set(said)], missing, bySaying, total }
}

function reasonsFor(said: readonly string[], given: Given, missing: readonly string[]): string[] {
  const reasons = said.length > 0 ? [`You said ${said.map((words) => `“${words}”`).join(', ')}.`] : []
  if (missing.length > 0)
    reasons.push(
      `It also needs ${missing.map((kind) => (kind === 'image' ? 'a picture' : 'a video')).join(' and ')}.`,
    )
  else if (given.videos > 0 || given.images > 0) reasons.push('It fits what you added.')
  return reasons
}

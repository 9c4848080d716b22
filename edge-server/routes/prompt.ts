import { Hono } from 'hono'
import { smallJson } from '../api/json-body'
import { readinessOf } from '../api/readiness'
import { describes, takes } from '../api/route'
import { PromptView, Sentence } from '../api/schemas'
import type { Boxes } from '../comfy/boxes'
import type { QualityTier } from '../jobs/job'
import type { Choice, ReadPrompt } from '../prompt/parse-prompt'
import type { Workflow, Workflows } from '../workflows/workflow'

interface Parts {
  readonly readPrompt: ReadPrompt
  readonly workflows: Workflows
  readonly boxes: Boxes
}

/** From a sentence to the workflow that does it, with reasons, and whether a box can do it now. */
export const promptRoutes = ({ readPrompt, workflows, boxes }: Parts) =>
  new Hono().post(
    '/parse',
    describes({
      summary: 'Which workflow a sentence asks for, and why',
      tag: 'jobs',
      answers: { 200: PromptView },
      refuses: [400, 413, 415],
    }),
    smallJson,
    takes('json', Sentence),
    async (c) => {
      const { text, images, videos, mode } = c.req.valid('json')
      const parsed = await readPrompt(text, { images, videos, mode }, c.req.raw.signal)
      const { quality } = parsed.parameters
      const choices = parsed.choices.flatMap((choice) => {
        const workflow = workflows.find(choice.workflow)
        return workflow ? [choiceView(choice, workflow, quality, boxes)] : []
      })
      const { language, understood, readBy, parameters } = parsed
      const negative = [...parameters.negative]
      return c.json({ language, understood, readBy, choices, parameters: { ...parameters, negative } }, 200)
    },
  )

function choiceView(
  { workflow: id, does, reasons, missing, confidence }: Choice,
  workflow: Workflow,
  quality: QualityTier | undefined,
  boxes: Boxes,
): PromptView['choices'][number] {
  const { title, model, tiers } = workflow.card
  const offered = tiers.map(({ name }) => name)
  const tier = [quality, 'standard' as const].find((name) => name && offered.includes(name)) ?? offered[0]
  const readiness = readinessOf(workflow, tier ?? 'standard', boxes)
  return {
    workflow: id,
    title,
    model,
    does,
    reasons: [...reasons],
    missing: [...missing],
    confidence,
    readiness,
  }
}

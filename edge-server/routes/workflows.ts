import { Hono } from 'hono'
import { readinessOf } from '../api/readiness'
import { describes } from '../api/route'
import { WorkflowList, type WorkflowView } from '../api/schemas'
import type { Boxes } from '../comfy/boxes'
import type { Workflow, Workflows } from '../workflows/workflow'

interface Parts {
  readonly workflows: Workflows
  readonly boxes: Boxes
}

/** What can be made, what each way wants, and which boxes can do it. */
export const workflowRoutes = ({ workflows, boxes }: Parts) =>
  new Hono().get(
    '/',
    describes({ summary: 'The workflows and who can run them', tag: 'jobs', answers: { 200: WorkflowList } }),
    (c) => {
      const views = workflows.list.map((workflow) => workflowView(workflow, boxes))
      return c.json({ workflows: views, faults: [...workflows.faults] }, 200)
    },
  )

function workflowView(workflow: Workflow, boxes: Boxes): WorkflowView {
  const { notes, inputs, parameters, outputs, tiers, ...card } = workflow.card
  return {
    ...card,
    notes: [...notes],
    inputs: [...inputs],
    outputs: [...outputs],
    parameters: parameters.map((parameter) =>
      parameter.kind === 'choice' ? { ...parameter, choices: [...parameter.choices] } : parameter,
    ),
    tiers: tiers.map((tier) => ({ ...tier, readiness: readinessOf(workflow, tier.name, boxes) })),
  }
}

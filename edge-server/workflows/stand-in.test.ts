import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import type { Comfy } from '../comfy/comfy'
import { openComfy } from '../comfy/open-comfy'
import { type JobRequest, QUALITY_TIERS } from '../jobs/job'
import { openWorkflows, shippedDefinitions } from './open-workflows'
import type { Workflow } from './workflow'

const { list } = await openWorkflows(undefined)
// The one choice that no graph shows: faces that are not restored.
const unrestored = {
  '1': { class_type: 'ReActorFaceSwap', inputs: { face_restore_model: 'none' } },
}
let standIn: StandIn
let comfy: Comfy
beforeAll(async () => {
  const graphs = [...shippedDefinitions().values()].map(({ graph, parts, declaration }) => ({
    graph,
    parts: [...parts.values()],
    declaration,
  }))
  standIn = await startStandIn({ graphs: [...graphs, unrestored], stepMs: 0 })
  comfy = openComfy({ name: 'box', url: standIn.url })
})
afterAll(async () => {
  await comfy.close()
  await standIn.close()
})

const never = new AbortController().signal
const requestFor = ({ card, check }: Workflow, tier: JobRequest['tier']) => {
  const inputs = Object.fromEntries(card.inputs.map(({ name }) => [name, 'a'.repeat(64)]))
  return check({ workflow: card.id, tier, inputs, parameters: {}, sentence: '' })
}

test.each(QUALITY_TIERS)('every workflow runs on a box and leaves its outputs, at %s', async (tier) => {
  const objectInfo = await comfy.objectInfo(never)
  const bytes = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1')
  const open = () => new Blob([bytes]).stream()
  const picture = { name: 'reference.png', bytes: bytes.length, type: 'image/png', open }
  const video = { name: 'driving.mp4', bytes: bytes.length, type: 'video/mp4', open }
  const files = {
    reference: await comfy.upload(picture, never),
    driving: await comfy.upload(video, never),
  }
  for (const workflow of list) {
    const request = requestFor(workflow, tier)
    expect(workflow.missing(request, objectInfo), workflow.card.id).toEqual([])
    const promptId = crypto.randomUUID()
    const { graph, outputs } = workflow.build(request, files, objectInfo, `understudy-${promptId}`)
    await comfy.submit(graph, promptId, never)
    const end = await comfy.follow(promptId, () => {}, { patienceMs: 10_000, signal: never })
    const left = end.name === 'ended' && end.outcome.name === 'succeeded' ? end.outcome.outputs : []
    expect(
      left.map(({ nodeId }) => outputs.get(nodeId)),
      workflow.card.id,
    ).toEqual(workflow.card.outputs.map(({ name }) => name))
  }
})

test('what was taken off a box is what a workflow misses', async () => {
  standIn.hide({ nodes: ['ReActorFaceSwap'], models: ['wan_2.1_vae.safetensors'] })
  const objectInfo = await comfy.objectInfo(never)
  const names = (id: string) => {
    const workflow = list.find(({ card }) => card.id === id)!
    return workflow.missing(requestFor(workflow, 'high'), objectInfo).map(({ name }) => name)
  }
  expect(names('face_swap_reactor')).toContain('ReActorFaceSwap')
  expect(names('wan22_animate_move')).toEqual(['wan_2.1_vae.safetensors'])
  expect(names('dwpose_extract')).toEqual([])
  standIn.show()
})

/** Every shipped workflow, from its defaults to a result, on a box that has all it asks for. */
import { expect, test } from 'vitest'
import { shippedDefinitions, shippedParts } from '../../edge-server/workflows/open-workflows'
import { madeUpVideo } from '../comfy/box-files'
import { openScene } from './scene'
import { jobIn } from './server-parts'

const definitions = shippedDefinitions()
// The one choice that no graph shows: faces that are not restored.
const unrestored = { '1': { class_type: 'ReActorFaceSwap', inputs: { face_restore_model: 'none' } } }
const graphs = [
  ...[...definitions.values()].map(({ graph, declaration }) => ({ graph, declaration })),
  ...shippedParts().values(),
  unrestored,
]

test.concurrent.each([...definitions.keys()])('%s makes what it declares', async (id) => {
  await using scene = await openScene({ boxes: [{ graphs, stepMs: 1, videoBytes: 100_000 }] })
  const { server, picture } = scene
  const content = madeUpVideo(50_000)
  const stream = new Blob([...content.read(0, content.bytes)].map((piece) => new Uint8Array(piece))).stream()
  const film = await server.files.add(
    { stream, name: 'film.mp4', accept: ['video'], maxBytes: 2 ** 20 },
    new AbortController().signal,
  )
  const workflow = server.workflows.find(id)
  if (!workflow) throw new Error('It is not shipped.')
  const { card } = workflow
  const inputs = Object.fromEntries(
    card.inputs.map(({ name, kind }) => [name, kind === 'image' ? picture.id : film.id]),
  )
  const [tier] = card.tiers
  const request = {
    workflow: id,
    tier: tier?.name ?? 'standard',
    inputs,
    parameters: {},
    sentence: '',
  } as const
  const fractions: number[] = []
  using _ = server.jobs.watch((event) => {
    if (event.kind === 'progress') fractions.push(event.progress.fraction)
  })
  const { job } = await server.jobs.add(workflow.check(request))
  const { state } = await jobIn(server, job.id, 'succeeded')
  if (state.name !== 'succeeded') throw new Error('It did not succeed.')
  expect(new Set(state.results.map(({ output }) => output))).toEqual(
    new Set(card.outputs.map(({ name }) => name)),
  )
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(new Set(fractions).size).toBeGreaterThan(3)
})

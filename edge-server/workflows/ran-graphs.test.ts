import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { BOXES, build } from '../../tests/workflows/shipped'
import type { Graph } from '../comfy/comfy'

const shared = inject('shared')

// Graphs that a real server ran to the end: where ours have the same nodes, they are wired the same way.
describe.runIf(existsSync(join(shared, 'comfyui/ran')))('beside graphs that ran', () => {
  test.each([
    ['wan_vace_pose_mask', 'wan_vace_pose_transfer', 'WanVaceToVideo'],
    ['wan_animate', 'wan22_animate_mix', 'WanAnimateToVideo'],
    ['wan_animate_packs', 'wan22_animate_mix', 'WanAnimateToVideo'],
  ])('%s and %s', (ran, id, scene) => {
    const theirs: Graph = JSON.parse(readFileSync(join(shared, `comfyui/ran/${ran}.api.json`), 'utf8'))
    const ours = build(id, 'standard', {}, ran.endsWith('packs') ? BOXES.everything : BOXES['ComfyUI alone'])
    for (const name of [
      scene,
      'KSampler',
      'TrimVideoLatent',
      'VAEDecode',
      'CreateVideo',
      'VHS_VideoCombine',
    ]) {
      const shape = (graph: Graph) => wiring(graph, name)
      for (const [input, source] of shape(theirs)) {
        if (name === 'CreateVideo' && input === 'fps') continue // theirs is a number, ours the rate of the video
        if (['length', 'width', 'height'].includes(input)) continue // ours are those of the frames that came
        expect([input, shape(ours).get(input)]).toEqual([input, expect.stringMatching(source)])
      }
    }
  })
})

/** Where each input of a node of a class comes from: the class and output of another, or the type of its value. */
function wiring(graph: Graph, name: string): Map<string, string> {
  const node = Object.values(graph).find(({ class_type }) => class_type === name)
  return new Map(
    Object.entries(node?.inputs ?? {}).map(([input, value]) => {
      if (!Array.isArray(value)) return [input, typeof value]
      const source = graph[String(value[0])]?.class_type ?? ''
      // What makes a picture or a mask may differ; what joins the model's own parts may not.
      const isOwn = /^(?:Wan.*|KSampler|TrimVideoLatent|VAE.*|CLIP.*|ModelSamplingSD3|ImageFromBatch)$/.test(
        source,
      )
      return [input, isOwn ? `${source}.${value[1]}` : `.*`]
    }),
  )
}

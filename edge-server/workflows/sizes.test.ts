import { describe, expect, test } from 'vitest'
import { objectInfoOf } from '../../tests/workflows/boxes'
import { BOXES, build, classes, requestOf, titled, workflows } from '../../tests/workflows/shipped'
import type { Graph } from '../comfy/comfy'
import type { JobRequest, QualityTier } from '../jobs/job'

describe('the size of the result', () => {
  const sizeOfScene = (graph: Graph) => {
    const scene = titled(graph, 'Scene')!.inputs
    const [sizeId, first] = scene.width as [string, number]
    expect([graph[sizeId]?._meta?.title, first, scene.height]).toEqual(['Frame size', 0, [sizeId, 1]])
    return titled(graph, 'Frame size')!.inputs.image as [string, number]
  }

  test('is that of the video, at multiples of 16', () => {
    const graph = build('wan22_animate_mix', 'high')
    expect(graph[sizeOfScene(graph)[0]]).toMatchObject({
      class_type: 'ImageScaleToTotalPixels',
      inputs: { megapixels: 0.88, resolution_steps: 16 },
    })
  })

  test('is that of the picture, where the picture moves', () => {
    const graph = build('wan22_animate_move', 'standard')
    const frames = graph[sizeOfScene(graph)[0]]!
    expect(frames).toMatchObject({ class_type: 'ImageScale', inputs: { crop: 'center' } })
    expect(graph[String((frames.inputs.width as string[])[0])]?._meta?.title).toBe('Reference size')
    expect(titled(graph, 'Reference at size')?.inputs.resolution_steps).toBe(16)
  })

  test.each(['wan22_animate_mix', 'wan_vace_pose_transfer', 'sam2_mask'])(
    'is one of its own for %s, where a person wants that',
    (id) => {
      const size = (parameters: JobRequest['parameters'], tier: QualityTier = 'fast') => {
        const { width, height, crop } = titled(build(id, tier, { parameters }), 'Cut to size')!.inputs
        return [width, height, crop]
      }
      expect(size({ shape: 'portrait' })).toEqual([368, 640, 'center'])
      expect(size({ shape: 'square' }, 'high')).toEqual([960, 960, 'center'])
      expect(size({ shape: 'custom', width: 700, height: 300 })).toEqual([704, 304, 'center'])
    },
  )

  test('a ComfyUI that cannot round to 16 does it with KJNodes, or is told to be updated', () => {
    const scale = BOXES.everything.get('ImageScaleToTotalPixels')!
    const inputs = new Map([...scale.inputs].filter(([name]) => name !== 'resolution_steps'))
    const old = new Map(BOXES.everything).set('ImageScaleToTotalPixels', { ...scale, inputs })
    const graph = build('wan_vace_pose_transfer', 'fast', {}, old)
    expect(titled(graph, 'Fitted to size')?.inputs).toMatchObject({
      width: 640,
      height: 640,
      divisible_by: 16,
    })
    expect(classes(graph)).not.toContain('ImageScaleToTotalPixels')
    old.delete('ImageResizeKJv2')
    const workflow = workflows.find('sam2_mask')!
    const missing = (parameters: JobRequest['parameters']) =>
      workflow.missing(requestOf(workflow, 'fast', { parameters }), objectInfoOf(old)).map(({ how }) => how)
    expect(missing({})).toEqual([expect.stringContaining('does not know “resolution_steps”')])
    expect(missing({ shape: 'landscape' })).toEqual([])
  })
})

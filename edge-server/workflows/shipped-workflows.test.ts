import { describe, expect, test } from 'vitest'
import { ALL_MODELS, boxWith, objectInfoOf } from '../../tests/workflows/boxes'
import { graphFaults } from '../../tests/workflows/graph-faults'
import { BOXES, build, classes, FILES, ID, requestOf, titled, workflows } from '../../tests/workflows/shipped'
import type { GraphNode } from '../comfy/comfy'
import { QUALITY_TIERS } from '../jobs/job'
import { ROUTED } from '../prompt/workflows'
import { shippedDefinitions } from './open-workflows'

test('all that the prompt router can choose are here, and two more', () => {
  const ids = workflows.list.map(({ card }) => card.id)
  expect(ids).toEqual(expect.arrayContaining(ROUTED.map(({ id }) => id)))
  expect(ids).toEqual(expect.arrayContaining(['sam2_mask', 'dwpose_extract']))
  expect(ids).toHaveLength(9)
  for (const { id, needs } of ROUTED) {
    const inputs = workflows.find(id)!.card.inputs.filter(({ required }) => required)
    expect(
      inputs.some(({ kind }) => kind === 'image'),
      id,
    ).toBe(needs.image)
    expect(
      inputs.some(({ kind }) => kind === 'video'),
      id,
    ).toBe(needs.video)
  }
})

describe.each(Object.entries(BOXES))('on a box with %s', (_, box) => {
  test.each(QUALITY_TIERS)('every workflow is a graph that ComfyUI takes, at %s', (tier) => {
    for (const workflow of workflows.list) {
      const { card } = workflow
      const request = requestOf(workflow, tier)
      expect(workflow.missing(request, objectInfoOf(box)), card.id).toEqual([])
      const { graph, outputs, doing } = workflow.build(request, FILES, objectInfoOf(box), 'understudy/run-1')
      expect(graphFaults(graph, box), card.id).toEqual([])
      expect([...outputs.values()]).toEqual(card.outputs.map(({ name }) => name))
      for (const id of outputs.keys()) expect(graph[id]?.inputs.filename_prefix).toBe('understudy/run-1')
      expect([...doing.keys()].sort()).toEqual(Object.keys(graph).sort())
    }
  })

  test('every choice and both ends of every number make a graph that ComfyUI takes', () => {
    for (const workflow of workflows.list) {
      for (const parameter of workflow.card.parameters) {
        const values =
          parameter.kind === 'choice'
            ? parameter.choices.map(({ value }) => value)
            : parameter.kind === 'integer' || parameter.kind === 'number'
              ? [parameter.min, parameter.max]
              : parameter.kind === 'switch'
                ? [true, false]
                : parameter.kind === 'seed'
                  ? [0, parameter.max]
                  : ['x']
        for (const value of values) {
          const request = requestOf(workflow, 'standard', { parameters: { [parameter.name]: value } })
          // Depth has no other way than its pack.
          if (value === 'depth' && !box.has('DepthAnythingV2Preprocessor')) continue
          const { graph } = workflow.build(request, FILES, objectInfoOf(box), 'understudy/run-1')
          expect(graphFaults(graph, box), `${workflow.card.id} ${parameter.name} ${value}`).toEqual([])
        }
      }
    }
  })
})

test('titles are on every node that is set, and each only once', () => {
  for (const { graph } of shippedDefinitions().values()) {
    const titles = Object.values(graph).map(({ _meta }) => _meta?.title)
    expect(titles.every(Boolean)).toBe(true)
    expect(new Set(titles).size).toBe(titles.length)
  }
})

test('nothing reads from a path, and nothing goes to a paid service', () => {
  for (const { graph, parts } of shippedDefinitions().values()) {
    const all = [...Object.values(graph), ...[...parts.values()].flatMap(({ nodes }) => Object.values(nodes))]
    for (const { class_type } of all) expect(class_type).not.toMatch(/Path$|Api$|Url|Http/i)
  }
})

describe('replacing the person with VACE', () => {
  test('81 frames at 24 per second, of which the person is whited out under the pose', () => {
    const graph = build('wan_vace_pose_transfer', 'standard')
    expect(titled(graph, 'Driving video by VHS')?.inputs).toMatchObject({
      video: 'understudy/clip (1).mp4',
      force_rate: 24,
      frame_load_cap: 81,
    })
    expect(titled(graph, 'Save video by VHS')?.inputs).toMatchObject({ frame_rate: 24, save_metadata: false })
    expect(titled(graph, 'Paper')?.inputs.value).toBe(1)
    const scene = titled(graph, 'Scene')!
    const from = (node: GraphNode, input: string) => graph[String((node.inputs[input] as string[])[0])]!
    expect(from(scene, 'control_masks')._meta?.title).toBe('Grown mask')
    const control = from(scene, 'control_video')
    expect(from(control, 'source').class_type).toBe('ImageScale')
    const whiteOut = from(control, 'destination')
    expect(from(whiteOut, 'mask')._meta?.title).toBe('Grown mask')
    expect(from(whiteOut, 'source')._meta?.title).toBe('White')
    // The pose stays inside what is drawn anew.
    expect(from(from(control, 'mask'), 'source')._meta?.title).toBe('Grown mask')
  })

  test('without VideoHelperSuite its frames are at the rate of the video, and the sound comes along', () => {
    const graph = build('wan_vace_pose_transfer', 'standard', {}, BOXES['ComfyUI alone'])
    expect(titled(graph, 'First frames')?.inputs.length).toBe(81)
    expect(titled(graph, 'Driving cut')?.inputs.duration).toBe(3.4)
    const parts = Object.entries(graph).find(([, { class_type }]) => class_type === 'GetVideoComponents')![0]
    expect(titled(graph, 'Join frames and sound')?.inputs).toMatchObject({
      audio: [parts, 1],
      fps: [parts, 2],
    })
    expect(titled(graph, 'Save video')?.inputs).toMatchObject({
      format: 'auto',
      'format.codec': 'auto',
      codec: 'auto',
    })
  })

  test('a quality sets steps, size, LoRA and the file of the model', () => {
    const [fast, standard, high] = QUALITY_TIERS.map((tier) => build('wan_vace_pose_transfer', tier))
    expect(classes(fast!)).toContain('UnetLoaderGGUF')
    expect(classes(standard!)).toContain('UNETLoader')
    expect(classes(standard!)).toContain('LoraLoaderModelOnly')
    expect(classes(high!)).not.toContain('LoraLoaderModelOnly')
    const settings = [fast, standard, high].map((graph) => {
      const { steps, cfg } = titled(graph!, 'Sampling')!.inputs
      return [steps, cfg, titled(graph!, 'Driving frames')!.inputs.megapixels]
    })
    expect(settings).toEqual([
      [4, 1, 0.225], // 640 × 368
      [6, 1, 0.38], // 832 × 480
      [20, 6, 0.88], // 1280 × 720
    ])
  })

  test('the point is in percent of the first frame, whatever its shape', () => {
    const graph = build('wan_vace_pose_transfer', 'standard', { parameters: { pointX: 25, pointY: 100 } })
    const found = titled(graph, 'Found by SAM 2')!.inputs
    expect(found.coordinates_positive).toBe('[{"x":192,"y":767}]')
    expect(titled(graph, 'Frames for SAM 2')?.inputs).toMatchObject({
      width: 768,
      height: 768,
      crop: 'disabled',
    })
  })
})

test('a box is used with what it has: SAM 2 or SAM 3, ViTPose, DWPose or SDPose', () => {
  const both = build('wan22_animate_mix', 'standard')
  expect(classes(both)).toContain('Sam2Segmentation')
  expect(classes(both)).toContain('DrawViTPose')
  const models = ALL_MODELS.filter((name) => name !== 'yolov10m.onnx')
  expect(classes(build('wan22_animate_mix', 'standard', {}, boxWith({ models })))).toContain('DWPreprocessor')
  const core = build(
    'wan22_animate_mix',
    'standard',
    { parameters: { subject: 'dog' } },
    BOXES['ComfyUI alone'],
  )
  expect(classes(core)).toContain('SAM3_VideoTrack')
  expect(classes(core)).toContain('CropByBBoxes')
  expect(titled(core, 'What to cut out')?.inputs.text).toBe('dog')
})

test('mix has background and mask, move has neither', () => {
  const inputs = (id: string) => Object.keys(titled(build(id, 'standard'), 'Scene')!.inputs)
  expect(inputs('wan22_animate_mix')).toEqual(expect.arrayContaining(['background_video', 'character_mask']))
  for (const input of ['background_video', 'character_mask'])
    expect(inputs('wan22_animate_move')).not.toContain(input)
})

test('without a picture the words alone make the new scene', () => {
  const graph = build('wan_vace_motion_transfer', 'standard', { inputs: { driving: ID } })
  expect(titled(graph, 'Scene')?.inputs).not.toHaveProperty('reference_image')
  expect(classes(graph)).not.toContain('LoadImage')
  expect(graphFaults(graph, BOXES.everything)).toEqual([])
})

test('depth or outlines take the place of the pose, also of one that the box would have chosen', () => {
  const sdpose = boxWith({ without: /^DWPreprocessor$/ })
  const scene = (control: string, box = sdpose) =>
    classes(build('wan_vace_motion_transfer', 'fast', { parameters: { control } }, box))
  expect(scene('pose')).toContain('SDPoseDrawKeypoints')
  expect(scene('depth')).not.toContain('SDPoseDrawKeypoints')
  expect(scene('depth')).toContain('DepthAnythingV2Preprocessor')
  expect(scene('depth')).not.toContain('DWPreprocessor')
  expect(scene('edges')).toContain('Canny')
})

test('a reference alone: VACE without a control video, on the box itself', () => {
  const graph = build('wan_r2v_character', 'standard', { inputs: { reference: ID } })
  expect(titled(graph, 'Scene')?.inputs).toMatchObject({ length: 81 })
  expect(titled(graph, 'Scene')?.inputs).not.toHaveProperty('control_video')
  expect(workflows.find('wan_r2v_character')?.card.notes.join(' ')).toContain('paid service')
})

/**
 * What the stand-in's nodes take and give: our own short writing of the signatures of node classes, and a way to make entries for whatever
 * classes a workflow uses, so that every graph of ours finds a box that can run it.
 */
import type { GraphNode } from '../../edge-server/comfy/comfy'

export interface InputSpec {
  readonly name: string
  /** 'INT', 'IMAGE', … 'COMBO' for a choice, 'FILE' for a file of the input folder, '*' for anything. */
  readonly type: string
  readonly required: boolean
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
}
interface NodeSpec {
  readonly inputs: readonly InputSpec[]
  readonly outputs: readonly string[]
  readonly isOutput: boolean
}
export type NodeTable = ReadonlyMap<string, NodeSpec>

const samplers = 'euler|euler_ancestral|heun|dpmpp_2m|uni_pc|lcm|res_multistep'
const schedulers = 'simple|sgm_uniform|karras|normal|beta'
const size = 'width:INT[16,16384] height:INT[16,16384]'
const vhsSource =
  'force_rate:FLOAT[0,60] custom_width:INT[0,8192] custom_height:INT[0,8192] frame_load_cap:INT[0,9e15] skip_first_frames:INT[0,9e15] select_every_nth:INT[1,9e15] format?:COMBO{AnimateDiff|Wan|None}'
const vhsTarget =
  'frame_rate:FLOAT[1] loop_count:INT[0,100] filename_prefix:STRING format:COMBO{image/gif|image/webp|video/h264-mp4|video/webm} pingpong:BOOLEAN save_output:BOOLEAN audio?:AUDIO pix_fmt?:* crf?:* save_metadata?:* trim_to_audio?:*'

// name: inputs (`?` optional, `[min,max]`, `{choice|choice}`) > outputs; `!` marks a node that is itself an output.
const signatures = `
LoadImage: image:FILE > IMAGE MASK
LoadVideo: file:FILE > VIDEO
LoadAudio: audio:FILE > AUDIO
GetVideoComponents: video:VIDEO > IMAGE AUDIO FLOAT
CreateVideo: images:IMAGE fps:FLOAT[1,120] audio?:AUDIO > VIDEO
ImageInvert: image:IMAGE > IMAGE
ImageBlur: image:IMAGE blur_radius:INT[1,31] sigma:FLOAT[0.1,10] > IMAGE
ImageScale: image:IMAGE upscale_method:COMBO{nearest-exact|bilinear|area|bicubic|lanczos} width:INT[0,16384] height:INT[0,16384] crop:COMBO{disabled|center} > IMAGE
ImageFromBatch: image:IMAGE batch_index:INT[0,4095] length:INT[1,4096] > IMAGE
ImageToMask: image:IMAGE channel:COMBO{red|green|blue|alpha} > MASK
EmptyImage: width:INT[1,16384] height:INT[1,16384] batch_size:INT[1,4096] color:INT[0,16777215] > IMAGE
ResizeImageMaskNode: input:* resize_type:* scale_method:COMBO{nearest-exact|bilinear|area|bicubic|lanczos} > *
BatchImagesNode: > IMAGE
GrowMask: mask:MASK expand:INT[-16384,16384] tapered_corners:BOOLEAN > MASK
SaveImage!: images:IMAGE filename_prefix:STRING > IMAGE
PreviewImage!: images:IMAGE > IMAGE
PreviewAny!: source:* > STRING
SaveImageWebsocket!: images:IMAGE >
SaveVideo!: video:VIDEO filename_prefix:STRING format:COMBO{auto|mp4} codec:COMBO{auto|h264} > VIDEO
SaveWEBM!: images:IMAGE filename_prefix:STRING codec:COMBO{vp9|av1} fps:FLOAT[0.01,1000] crf:FLOAT[0,63] >
SaveAnimatedWEBP!: images:IMAGE filename_prefix:STRING fps:FLOAT[0.01,1000] lossless:BOOLEAN quality:INT[0,100] method:COMBO{default|fastest|slowest} >
SaveAudio!: audio:AUDIO filename_prefix:STRING >
VAELoader: vae_name:COMBO{pixel_space} > VAE
VAEEncode: pixels:IMAGE vae:VAE > LATENT
VAEDecode: samples:LATENT vae:VAE > IMAGE
UNETLoader: unet_name:COMBO{} weight_dtype:COMBO{default|fp8_e4m3fn|fp8_e4m3fn_fast|fp8_e5m2} > MODEL
UnetLoaderGGUF: unet_name:COMBO{} > MODEL
CLIPLoader: clip_name:COMBO{} type:COMBO{stable_diffusion|sd3|wan} device?:COMBO{default|cpu} > CLIP
CLIPTextEncode: text:STRING clip:CLIP > CONDITIONING
CLIPVisionLoader: clip_name:COMBO{} > CLIP_VISION
CLIPVisionEncode: clip_vision:CLIP_VISION image:IMAGE crop:COMBO{center|none} > CLIP_VISION_OUTPUT
LoraLoaderModelOnly: model:MODEL lora_name:COMBO{} strength_model:FLOAT[-100,100] > MODEL
ModelSamplingSD3: model:MODEL shift:FLOAT[0,100] > MODEL
KSampler: model:MODEL seed:INT[0,18446744073709551615] steps:INT[1,10000] cfg:FLOAT[0,100] sampler_name:COMBO{${samplers}} scheduler:COMBO{${schedulers}} positive:CONDITIONING negative:CONDITIONING latent_image:LATENT denoise:FLOAT[0,1] > LATENT
TrimVideoLatent: samples:LATENT trim_amount:INT[0,99999] > LATENT
WanVaceToVideo: positive:CONDITIONING negative:CONDITIONING vae:VAE ${size} length:INT[1,16384] batch_size:INT[1,4096] strength:FLOAT[0,1000] control_video?:IMAGE control_masks?:MASK reference_image?:IMAGE > CONDITIONING CONDITIONING LATENT INT
WanAnimateToVideo: positive:CONDITIONING negative:CONDITIONING vae:VAE ${size} length:INT[1,16384] batch_size:INT[1,4096] continue_motion_max_frames:INT[1,16384] video_frame_offset:INT[0,16384] clip_vision_output?:CLIP_VISION_OUTPUT reference_image?:IMAGE face_video?:IMAGE pose_video?:IMAGE background_video?:IMAGE character_mask?:MASK continue_motion?:IMAGE > CONDITIONING CONDITIONING LATENT INT INT INT
VHS_LoadVideo: video:FILE ${vhsSource} > IMAGE INT AUDIO VHS_VIDEOINFO
VHS_LoadImagesPath: directory:STRING image_load_cap?:INT[0] skip_first_images?:INT[0] select_every_nth?:INT[1] > IMAGE MASK INT
VHS_VideoCombine!: images:* ${vhsTarget} > VHS_FILENAMES
EdgeTestSlow: image:IMAGE seconds:FLOAT[0] steps:INT[1] preview:BOOLEAN nonce:INT > IMAGE
EdgeTestFail: image:IMAGE message?:STRING > IMAGE
`

/** Inputs that a choice brings along, as flat keys "resize_type.width" (22_dynamic_inputs). */
export const choiceParts: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'ResizeImageMaskNode.resize_type': {
    'scale dimensions': ['width', 'height', 'crop'],
    'scale by multiplier': ['multiplier'],
    'scale longer dimension': ['longer_size'],
    'scale shorter dimension': ['shorter_size'],
    'scale width': ['width'],
    'scale height': ['height'],
    'scale total pixels': ['megapixels'],
    'match size': ['match', 'crop'],
    'scale to multiple': ['multiple'],
  },
}

/** The classes that every stand-in knows. */
export const knownNodes: NodeTable = new Map(
  signatures
    .trim()
    .split('\n')
    .map((line) => {
      const [, name = '', bang, inputs = '', outputs = ''] = /^(\w+)(!?):(.*?)>(.*)$/.exec(line) ?? []
      return [
        name,
        { inputs: words(inputs).map(parseInput), outputs: words(outputs), isOutput: bang === '!' },
      ]
    }),
)

function words(text: string): string[] {
  return text.trim().split(/\s+/).filter(Boolean)
}

function parseInput(text: string): InputSpec {
  const [, name = '', optional, type = '', range, choices] =
    /^([\w.]+)(\??):([\w*]+)(?:\[(.*)\])?(?:\{(.*)\})?$/.exec(text) ?? []
  const [min, max] = range?.split(',').map(Number) ?? []
  return {
    name,
    type,
    required: optional !== '?',
    ...(choices === undefined ? {} : { choices: choices.split('|').filter(Boolean) }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}

const modelFile = /\.(safetensors|gguf|pth?|onnx|ckpt|bin|torchscript(\.pt)?)$/i
const loads = /^(LoadImage|LoadVideo|LoadAudio|VHS_LoadVideo|VHS_LoadAudioUpload|LoadImageMask)$/
const saves = /^(Save|Preview)|VideoCombine$/

/**
 * The known classes and, permissively, all that occur in graphs: any JSON in which nodes are found wherever they are. Model files that occur
 * anywhere are offered wherever a model file is chosen.
 */
export function nodesFor(graphs: readonly unknown[]): NodeTable {
  const seen: GraphNode[] = []
  const strings = new Set<string>()
  for (const graph of graphs) collect(graph, seen, strings)
  const models = [...strings].filter((text) => modelFile.test(text))
  const table = new Map(knownNodes)
  for (const node of seen) table.set(node.class_type, widened(table.get(node.class_type), node))
  for (const [name, spec] of table) table.set(name, withModels(spec, models))
  return table
}

function collect(value: unknown, nodes: GraphNode[], strings: Set<string>): void {
  if (typeof value === 'string') strings.add(value)
  if (typeof value !== 'object' || value === null) return
  if ('class_type' in value && 'inputs' in value) nodes.push(value as GraphNode) // as the two keys say
  for (const part of Object.values(value)) collect(part, nodes, strings)
}

function widened(spec: NodeSpec | undefined, node: GraphNode): NodeSpec {
  const inputs = new Map((spec?.inputs ?? []).map((input) => [input.name, input]))
  for (const [name, value] of Object.entries(node.inputs)) {
    const known = inputs.get(name)
    if (!known)
      inputs.set(name, { name, type: seenType(node.class_type, value), required: false, ...choicesOf(value) })
    else if (known.choices && typeof value === 'string' && !known.choices.includes(value)) {
      inputs.set(name, { ...known, choices: [...known.choices, value] })
    }
  }
  if (spec) return { ...spec, inputs: [...inputs.values()] }
  const isOutput = saves.test(node.class_type)
  return { inputs: [...inputs.values()], outputs: Array<string>(8).fill('*'), isOutput }
}

function seenType(classType: string, value: unknown): string {
  if (Array.isArray(value)) return '*'
  if (typeof value === 'number') return Number.isInteger(value) ? '*' : 'FLOAT'
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (loads.test(classType)) return 'FILE'
  return typeof value === 'string' && modelFile.test(value) ? 'COMBO' : '*'
}

function choicesOf(value: unknown) {
  return typeof value === 'string' && modelFile.test(value) ? { choices: [value] } : {}
}

const choosesModel = /(unet|clip|vae|lora|model|ckpt|control_net|detector|bbox|swap|onnx|checkpoint).*$/

function withModels(spec: NodeSpec, models: readonly string[]): NodeSpec {
  const inputs = spec.inputs.map((input) => {
    const isModel =
      input.choices?.some((choice) => modelFile.test(choice)) ||
      (input.choices?.length === 0 && choosesModel.test(input.name)) ||
      input.name === 'vae_name'
    return isModel ? { ...input, choices: [...new Set([...(input.choices ?? []), ...models])] } : input
  })
  return { ...spec, inputs }
}

// Newer nodes write their choices in the second form; clients must read both (facts 27).
const newForm = new Set(['SaveVideo', 'LoadVideo', 'UnetLoaderGGUF'])

/** The body of /object_info. `files` are what the input folder holds. */
export function objectInfoJson(table: NodeTable, files: readonly string[]): Record<string, unknown> {
  return Object.fromEntries([...table].map(([name, spec]) => [name, entry(name, spec, files)]))
}

function entry(name: string, spec: NodeSpec, files: readonly string[]) {
  const side = (required: boolean) =>
    Object.fromEntries(
      spec.inputs
        .filter((input) => input.required === required)
        .map((input) => [input.name, inputConfig(input, files, newForm.has(name))]),
    )
  return {
    input: { required: side(true), optional: side(false) },
    output: spec.outputs,
    output_is_list: spec.outputs.map(() => false),
    output_name: spec.outputs,
    name,
    display_name: name,
    description: '',
    python_module: 'nodes',
    category: 'stand-in',
    output_node: spec.isOutput,
  }
}

/** An input as /object_info and the `input_config` of errors show it. */
export function inputConfig(input: InputSpec, files: readonly string[], isNewForm = false): unknown[] {
  const choices = input.type === 'FILE' ? files : input.choices
  if (choices) return isNewForm ? ['COMBO', { multiselect: false, options: choices }] : [choices, {}]
  const { min, max } = input
  return [input.type, { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }]
}

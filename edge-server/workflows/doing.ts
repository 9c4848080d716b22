/** What a box does, in words for people, by the node it is at. */
import type { Graph } from '../comfy/comfy'

const BY_CLASS: readonly (readonly [RegExp, string])[] = [
  [/^(?:LoadImage|LoadVideo|Video Slice|GetVideoComponents|VHS_LoadVideo)$/, 'Reading what you added'],
  [
    /^(?:ImageScale|ImageFromBatch|ResizeAndPadImage|GetImageSize|ImageComposite.*|.*Mask.*Image|EmptyImage|SolidMask)$/,
    'Preparing pictures',
  ],
  [/^(?:UNETLoader|UnetLoaderGGUF|LoraLoader.*|ModelSampling.*|CheckpointLoader.*)$/, 'Loading the model'],
  [/^(?:CLIPLoader|CLIPTextEncode|CLIPVision.*)$/, 'Reading your words'],
  [/^(?:VAELoader|VAEEncode.*)$/, 'Loading the model'],
  [/^(?:Wan.*ToVideo)$/, 'Setting the scene'],
  [/^(?:DownloadAndLoadSAM2Model|Sam2.*|SAM3_.*)$/, 'Cutting out the person'],
  [/^(?:DWPreprocessor|SDPose.*|RTDETR_detect|PoseAndFaceDetection|DrawViTPose)$/, 'Finding the pose'],
  [/^(?:DepthAnything.*|Canny)$/, 'Measuring the scene'],
  [/^(?:.*Mask)$/, 'Shaping the mask'],
  [/^(?:KSampler.*|SamplerCustom.*)$/, 'Sampling'],
  [/^(?:TrimVideoLatent|VAEDecode.*)$/, 'Developing the frames'],
  [/^(?:.*LivePortrait.*)$/, 'Moving the face'],
  [/^(?:ReActor.*)$/, 'Swapping faces'],
  [/^(?:CreateVideo|Save.*|VHS_VideoCombine|PreviewImage)$/, 'Writing the result'],
]

/** `own` are words of a declaration by node title. */
export function doingIn(graph: Graph, own: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(graph).map(([id, node]) => {
      const title = node._meta?.title
      const said = title !== undefined && Object.hasOwn(own, title) ? own[title] : undefined
      const byClass = BY_CLASS.find(([pattern]) => pattern.test(node.class_type))?.[1]
      return [id, said ?? byClass ?? title ?? node.class_type]
    }),
  )
}

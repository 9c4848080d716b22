/** Node packs that the shipped workflows use: which classes each brings, and where it comes from. */

export interface NodePack {
  readonly name: string
  readonly url: string
  /** Matches the whole name of a class. */
  readonly classes: RegExp
  readonly note?: string
}

export const NODE_PACKS: readonly NodePack[] = [
  {
    name: 'ComfyUI-VideoHelperSuite',
    url: 'https://github.com/Kosinkadink/ComfyUI-VideoHelperSuite',
    classes: /^(?:VHS_.*)$/,
  },
  {
    name: 'comfyui_controlnet_aux',
    url: 'https://github.com/Fannovel16/comfyui_controlnet_aux',
    classes:
      /^(?:DWPreprocessor|OpenposePreprocessor|DepthAnythingV2Preprocessor|CannyEdgePreprocessor|PixelPerfectResolution|SavePoseKpsAsJsonFile|AnimalPosePreprocessor)$/,
    note: 'It downloads its networks when it first runs.',
  },
  {
    name: 'ComfyUI-segment-anything-2',
    url: 'https://github.com/kijai/ComfyUI-segment-anything-2',
    classes: /^(?:DownloadAndLoadSAM2Model|Sam2.*|Florence2toCoordinates)$/,
    note: 'It downloads its network when it first runs.',
  },
  {
    name: 'ComfyUI-KJNodes',
    url: 'https://github.com/kijai/ComfyUI-KJNodes',
    classes:
      /^(?:BlockifyMask|DrawMaskOnImage|GrowMaskWithBlur|ImageResizeKJ.*|INTConstant|GetImageSizeAndCount|PointsEditor|DiffusionModelLoaderKJ|ImageConcatMulti)$/,
  },
  {
    name: 'ComfyUI-GGUF',
    url: 'https://github.com/city96/ComfyUI-GGUF',
    classes: /^(?:UnetLoaderGGUF.*|.*CLIPLoaderGGUF)$/,
  },
  {
    name: 'ComfyUI-WanAnimatePreprocess',
    url: 'https://github.com/kijai/ComfyUI-WanAnimatePreprocess',
    classes:
      /^(?:PoseAndFaceDetection|DrawViTPose|OnnxDetectionModelLoader|PoseRetargetPromptHelper|PoseDetectionOneToAllAnimation)$/,
  },
  {
    name: 'ComfyUI-LivePortraitKJ',
    url: 'https://github.com/kijai/ComfyUI-LivePortraitKJ',
    classes: /^(?:DownloadAndLoadLivePortraitModels|LivePortrait.*|Keypoint.*)$/,
    note: 'It downloads its networks when it first runs.',
  },
  {
    name: 'ComfyUI-ReActor',
    url: 'https://github.com/Gourieff/ComfyUI-ReActor',
    classes: /^(?:ReActor.*)$/,
    note: 'Its face models are for research, not for business: read their licence.',
  },
]

/** Node classes as boxes have them: inputs (`?` optional, `[a|b]` a choice, `(min..max)`), and after the arrow the outputs. */

const CORE = `
CLIPLoader clip_name:[@] type:[stable_diffusion|wan|sd3] device?:[default|cpu] -> CLIP
CLIPTextEncode text:STRING clip:CLIP -> CONDITIONING
CLIPVisionEncode clip_vision:CLIP_VISION image:IMAGE crop:[center|none] -> CLIP_VISION_OUTPUT
CLIPVisionLoader clip_name:[@] -> CLIP_VISION
Canny image:IMAGE low_threshold:FLOAT(0.01..0.99) high_threshold:FLOAT(0.01..0.99) -> IMAGE
CheckpointLoaderSimple ckpt_name:[@] -> MODEL CLIP VAE
CreateVideo images:IMAGE fps:FLOAT(1..120) audio?:AUDIO bit_depth?:INT(8..10) -> VIDEO
CropByBBoxes image:IMAGE bboxes:BOUNDING_BOX output_width:INT(64..4096) output_height:INT(64..4096) padding:INT(0..1024) keep_aspect:[stretch|pad] -> IMAGE
EmptyImage width:INT(1..16384) height:INT(1..16384) batch_size:INT(1..4096) color:INT(0..16777215) -> IMAGE
GetImageSize image:IMAGE -> INT INT INT
GetVideoComponents video:VIDEO -> IMAGE AUDIO FLOAT INT
GrowMask mask:MASK expand:INT(-16384..16384) tapered_corners:BOOLEAN -> MASK
ImageColorToMask image:IMAGE color:INT(0..16777215) -> MASK
ImageCompositeMasked destination:IMAGE source:IMAGE x:INT(0..16384) y:INT(0..16384) resize_source:BOOLEAN mask?:MASK -> IMAGE
ImageFromBatch image:IMAGE batch_index:INT(-16384..16384) length:INT(1..4096) -> IMAGE
ImageScale image:IMAGE upscale_method:[nearest-exact|bilinear|area|bicubic|lanczos] width:INT(0..16384) height:INT(0..16384) crop:[disabled|center] -> IMAGE
ImageScaleToTotalPixels image:IMAGE upscale_method:[nearest-exact|bilinear|area|bicubic|lanczos] megapixels:FLOAT(0.01..16) resolution_steps:INT(1..256) -> IMAGE
ImageToMask image:IMAGE channel:[red|green|blue|alpha] -> MASK
InvertMask mask:MASK -> MASK
KSampler model:MODEL seed:INT(0..18446744073709551615) steps:INT(1..10000) cfg:FLOAT(0..100) sampler_name:[euler|uni_pc|lcm] scheduler:[simple|normal] positive:CONDITIONING negative:CONDITIONING latent_image:LATENT denoise:FLOAT(0..1) -> LATENT
LoadImage image:[example.png] -> IMAGE MASK
LoadVideo file:[] -> VIDEO
LoraLoaderModelOnly model:MODEL lora_name:[@] strength_model:FLOAT(-100..100) -> MODEL
MaskComposite destination:MASK source:MASK x:INT(0..16384) y:INT(0..16384) operation:[multiply|add|subtract|and|or|xor] -> MASK
MaskToImage mask:MASK -> IMAGE
ModelSamplingSD3 model:MODEL shift:FLOAT(0..100) -> MODEL
RTDETR_detect model:MODEL image:IMAGE threshold:FLOAT class_name:[all|person] max_detections:INT -> BOUNDING_BOX
ResizeAndPadImage image:IMAGE target_width:INT(1..16384) target_height:INT(1..16384) padding_color:[white|black] interpolation:[area|bicubic|nearest-exact|bilinear|lanczos] -> IMAGE
SAM3_TrackToMask track_data:SAM3_TRACK_DATA object_indices:STRING -> MASK
SAM3_VideoTrack images:IMAGE model:MODEL detection_threshold:FLOAT(0..1) max_objects:INT(0..64) detect_interval:INT(1..) initial_mask?:MASK conditioning?:CONDITIONING -> SAM3_TRACK_DATA
SDPoseDrawKeypoints keypoints:POSE_KEYPOINT draw_body:BOOLEAN draw_hands:BOOLEAN draw_face:BOOLEAN draw_feet:BOOLEAN stick_width:INT(1..10) face_point_size:INT(1..10) score_threshold:FLOAT(0..1) draw_head:BOOLEAN -> IMAGE
SDPoseFaceBBoxes keypoints:POSE_KEYPOINT scale:FLOAT(1..10) force_square:BOOLEAN -> BOUNDING_BOX
SDPoseKeypointExtractor model:MODEL vae:VAE image:IMAGE batch_size:INT(1..10000) bboxes?:BOUNDING_BOX -> POSE_KEYPOINT
SaveImage images:IMAGE filename_prefix:STRING -> !
SaveVideo video:VIDEO filename_prefix:STRING format:[auto|mp4] codec:[auto|h264] -> VIDEO !
SolidMask value:FLOAT(0..1) width:INT(1..16384) height:INT(1..16384) -> MASK
TrimVideoLatent samples:LATENT trim_amount:INT(0..99999) -> LATENT
UNETLoader unet_name:[@] weight_dtype:[default|fp8_e4m3fn|fp8_e4m3fn_fast|fp8_e5m2] -> MODEL
VAEDecode samples:LATENT vae:VAE -> IMAGE
VAELoader vae_name:[@] -> VAE
Video_Slice video:VIDEO start_time:FLOAT(-100000..100000) duration:FLOAT(0..) strict_duration:BOOLEAN -> VIDEO
WanAnimateToVideo positive:CONDITIONING negative:CONDITIONING vae:VAE width:INT(16..16384) height:INT(16..16384) length:INT(1..16384) batch_size:INT(1..4096) continue_motion_max_frames:INT(1..16384) video_frame_offset:INT(0..16384) clip_vision_output?:CLIP_VISION_OUTPUT reference_image?:IMAGE face_video?:IMAGE pose_video?:IMAGE background_video?:IMAGE character_mask?:MASK continue_motion?:IMAGE -> CONDITIONING CONDITIONING LATENT INT INT INT
WanVaceToVideo positive:CONDITIONING negative:CONDITIONING vae:VAE width:INT(16..16384) height:INT(16..16384) length:INT(1..16384) batch_size:INT(1..4096) strength:FLOAT(0..1000) control_video?:IMAGE control_masks?:MASK reference_image?:IMAGE -> CONDITIONING CONDITIONING LATENT INT
`
const PACKS = `
BlockifyMask masks:MASK block_size:INT(8..512) device?:[cpu|gpu] -> MASK
DWPreprocessor image:IMAGE detect_hand?:[enable|disable] detect_body?:[enable|disable] detect_face?:[enable|disable] resolution?:INT(64..16384) bbox_detector?:[None|yolox_l.onnx] pose_estimator?:[dw-ll_ucoco_384_bs5.torchscript.pt] scale_stick_for_xinsr_cn?:[disable|enable] -> IMAGE POSE_KEYPOINT
DepthAnythingV2Preprocessor image:IMAGE ckpt_name?:[depth_anything_v2_vitl.pth] resolution?:INT(64..16384) -> IMAGE
DownloadAndLoadLivePortraitModels precision?:[fp16|fp32|auto] mode?:[human|animal] -> LIVEPORTRAITPIPE
DownloadAndLoadSAM2Model model:[sam2.1_hiera_base_plus.safetensors|sam2.1_hiera_large.safetensors|sam2.1_hiera_tiny.safetensors] segmentor:[single_image|video|automaskgenerator] device:[cuda|cpu|mps] precision:[fp16|bf16|fp32] -> SAM2MODEL
DrawMaskOnImage image:IMAGE mask:MASK color:STRING device?:[cpu|gpu] -> IMAGE
ImageResizeKJv2 image:IMAGE width:INT(0..16384) height:INT(0..16384) upscale_method:[nearest-exact|bilinear|area|bicubic|lanczos] keep_proportion:[stretch|resize|pad|crop] pad_color:STRING crop_position:[center|top] divisible_by:INT(0..512) mask?:MASK device?:[cpu|gpu] -> IMAGE INT INT MASK
LivePortraitComposite source_image:IMAGE cropped_image:IMAGE liveportrait_out:LP_OUT mask?:MASK -> IMAGE MASK
LivePortraitCropper pipeline:LIVEPORTRAITPIPE cropper:LPCROPPER source_image:IMAGE dsize:INT(64..2048) scale:FLOAT(1..4) vx_ratio:FLOAT(-1..1) vy_ratio:FLOAT(-1..1) face_index:INT(0..100) face_index_order:[large-small|left-right|right-left|top-bottom|bottom-top|small-large|distance-from-retarget-face] rotate:BOOLEAN -> IMAGE CROPINFO
LivePortraitLoadMediaPipeCropper landmarkrunner_onnx_device:[CPU|CUDA|ROCM|CoreML|torch_gpu] keep_model_loaded:BOOLEAN -> LPCROPPER
LivePortraitProcess pipeline:LIVEPORTRAITPIPE crop_info:CROPINFO source_image:IMAGE driving_images:IMAGE lip_zero:BOOLEAN lip_zero_threshold:FLOAT(0.001..4) stitching:BOOLEAN delta_multiplier:FLOAT(-100..100) mismatch_method:[constant|cycle|mirror|cut] relative_motion_mode:[relative|source_video_smoothed|relative_rotation_only|single_frame|off] driving_smooth_observation_variance:FLOAT(1e-11..0.01) opt_retargeting_info?:RETARGETINGINFO expression_friendly?:BOOLEAN expression_friendly_multiplier?:FLOAT(0.01..100) -> IMAGE LP_OUT
DrawViTPose pose_data:POSEDATA width:INT(64..2048) height:INT(64..2048) retarget_padding:INT(0..512) body_stick_width:INT(-1..20) hand_stick_width:INT(-1..20) draw_head:BOOLEAN -> IMAGE
OnnxDetectionModelLoader vitpose_model:[@] yolo_model:[@] onnx_device:[CUDAExecutionProvider|CPUExecutionProvider] -> POSEMODEL
PoseAndFaceDetection model:POSEMODEL images:IMAGE width:INT(64..2048) height:INT(64..2048) retarget_image?:IMAGE face_padding?:INT(0..512) -> POSEDATA IMAGE STRING BBOX BBOX
ReActorFaceSwap enabled:BOOLEAN input_image:IMAGE swap_model:[@] facedetection:[retinaface_resnet50|retinaface_mobile0.25|YOLOv5l|YOLOv5n] face_restore_model:[none|@] face_restore_visibility:FLOAT(0.1..1) codeformer_weight:FLOAT(0..1) detect_gender_input:[no|female|male] detect_gender_source:[no|female|male] input_faces_index:STRING source_faces_index:STRING console_log_level:[0|1|2] source_image?:IMAGE face_model?:FACE_MODEL face_boost?:FACE_BOOST -> IMAGE FACE_MODEL IMAGE
Sam2Segmentation sam2_model:SAM2MODEL image:IMAGE keep_model_loaded:BOOLEAN coordinates_positive?:STRING coordinates_negative?:STRING bboxes?:BBOX individual_objects?:BOOLEAN mask?:MASK -> MASK
UnetLoaderGGUF unet_name:[@] -> MODEL
VHS_LoadVideo video:[clip.mp4] force_rate:FLOAT(0..60) custom_width:INT(0..8192) custom_height:INT(0..8192) frame_load_cap:INT(0..9007199254740991) skip_first_frames:INT(0..9007199254740991) select_every_nth:INT(1..9007199254740991) meta_batch?:VHS_BatchManager vae?:VAE format?:[None|AnimateDiff|Wan] -> IMAGE INT AUDIO VHS_VIDEOINFO
VHS_VideoCombine images:IMAGE frame_rate:FLOAT(1..) loop_count:INT(0..100) filename_prefix:STRING format:[image/gif|video/h264-mp4] pingpong:BOOLEAN save_output:BOOLEAN audio?:AUDIO meta_batch?:VHS_BatchManager vae?:VAE -> VHS_FILENAMES !
`

export interface Signature {
  readonly inputs: ReadonlyMap<string, InputSignature>
  readonly outputs: readonly string[]
  readonly isOutput: boolean
}
export interface InputSignature {
  readonly type: string
  readonly required: boolean
  readonly choices: readonly (string | number | boolean)[] | undefined
  readonly min: number | undefined
  readonly max: number | undefined
}
export type Signatures = ReadonlyMap<string, Signature>

/** Classes of ComfyUI 0.26 itself, and of the packs. `@` stands for the model files that a box has. */
export const coreSignatures = (models: readonly string[]): Signatures => parse(CORE, models)
export const packSignatures = (models: readonly string[]): Signatures => parse(PACKS, models)

function parse(text: string, models: readonly string[]): Signatures {
  const lines = text.trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [left = '', right = ''] = line.split('->')
      const [name = '', ...inputs] = left.trim().split(' ')
      const outputs = right.trim().split(' ').filter(Boolean)
      return [
        name.replace('_Slice', ' Slice'), // the one class with a space in its name
        {
          inputs: new Map(inputs.map((input) => parseInput(input, models))),
          outputs: outputs.filter((type) => type !== '!'),
          isOutput: outputs.includes('!'),
        },
      ]
    }),
  )
}

function parseInput(text: string, models: readonly string[]): [string, InputSignature] {
  const [, name = '', optional, type = ''] = /^(\w+)(\?)?:(.+)$/.exec(text) ?? []
  const required = optional === undefined
  if (type.startsWith('[')) {
    const choices = type.slice(1, -1).split('|').filter(Boolean)
    const all = choices.flatMap((choice): readonly (string | number)[] =>
      choice === '@' ? models : [/^\d$/.test(choice) ? Number(choice) : choice],
    )
    return [name, { type: 'COMBO', required, choices: all, min: undefined, max: undefined }]
  }
  const [, base = type, min, max] = /^(\w+)\((.*)\.\.(.*)\)$/.exec(type) ?? []
  const bound = (value: string | undefined) => (value ? Number(value) : undefined)
  return [name, { type: base, required, choices: undefined, min: bound(min), max: bound(max) }]
}

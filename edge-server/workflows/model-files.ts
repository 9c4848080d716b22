/** Model files that the shipped workflows use: where each comes from, and where it belongs under models/. */

export interface ModelFile {
  readonly folder: string
  readonly url: string
  readonly gigabytes: number
}

const HUGGING_FACE = 'https://huggingface.co'

const file = (folder: string, path: string, gigabytes: number): ModelFile => ({
  folder,
  url: `${HUGGING_FACE}/${path}`,
  gigabytes,
})

export const MODEL_FILES: ReadonlyMap<string, ModelFile> = new Map(
  [
    file(
      'diffusion_models',
      'Comfy-Org/Wan_2.1_ComfyUI_repackaged/resolve/main/split_files/diffusion_models/wan2.1_vace_14B_fp16.safetensors',
      34.7,
    ),
    file(
      'diffusion_models',
      'QuantStack/Wan2.1_14B_VACE-GGUF/resolve/main/Wan2.1_14B_VACE-Q4_K_M.gguf',
      11.6,
    ),
    file(
      'diffusion_models',
      'Kijai/WanVideo_comfy_fp8_scaled/resolve/main/Wan22Animate/Wan2_2-Animate-14B_fp8_e4m3fn_scaled_KJ.safetensors',
      18.4,
    ),
    file(
      'diffusion_models',
      'QuantStack/Wan2.2-Animate-14B-GGUF/resolve/main/Wan2.2-Animate-14B-Q4_K_M.gguf',
      11.5,
    ),
    file(
      'text_encoders',
      'Comfy-Org/Wan_2.1_ComfyUI_repackaged/resolve/main/split_files/text_encoders/umt5_xxl_fp8_e4m3fn_scaled.safetensors',
      6.7,
    ),
    file(
      'vae',
      'Comfy-Org/Wan_2.1_ComfyUI_repackaged/resolve/main/split_files/vae/wan_2.1_vae.safetensors',
      0.25,
    ),
    file(
      'clip_vision',
      'Comfy-Org/Wan_2.1_ComfyUI_repackaged/resolve/main/split_files/clip_vision/clip_vision_h.safetensors',
      1.3,
    ),
    file('loras', 'Kijai/WanVideo_comfy/resolve/main/Wan21_CausVid_14B_T2V_lora_rank32.safetensors', 0.32),
    file(
      'loras',
      'Kijai/WanVideo_comfy/resolve/main/Lightx2v/lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors',
      0.74,
    ),
    file(
      'loras',
      'Kijai/WanVideo_comfy/resolve/main/LoRAs/Wan22_relight/WanAnimate_relight_lora_fp16.safetensors',
      1.4,
    ),
    file('checkpoints', 'Comfy-Org/sam3.1/resolve/main/checkpoints/sam3.1_multiplex_fp16.safetensors', 1.7),
    file('checkpoints', 'Comfy-Org/SDPose/resolve/main/checkpoints/sdpose_wholebody_fp16.safetensors', 1.9),
    file(
      'diffusion_models',
      'Comfy-Org/SDPose/resolve/main/diffusion_models/rt_detr_v4-x-hgnet_fp16.safetensors',
      0.12,
    ),
    file('detection', 'JunkyByte/easy_ViTPose/resolve/main/onnx/wholebody/vitpose-l-wholebody.onnx', 1.2),
    file('detection', 'Wan-AI/Wan2.2-Animate-14B/resolve/main/process_checkpoint/det/yolov10m.onnx', 0.06),
    file('insightface', 'datasets/Gourieff/ReActor/resolve/main/models/inswapper_128.onnx', 0.55),
    file(
      'facerestore_models',
      'datasets/Gourieff/ReActor/resolve/main/models/facerestore_models/GFPGANv1.4.pth',
      0.35,
    ),
    file(
      'facerestore_models',
      'datasets/Gourieff/ReActor/resolve/main/models/facerestore_models/GPEN-BFR-512.onnx',
      0.28,
    ),
  ].map((model) => [model.url.split('/').at(-1) ?? '', model]),
)

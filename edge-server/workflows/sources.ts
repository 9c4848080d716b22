/** Where node packs and model files come from: what a person is told whose box lacks one. */
import { MODEL_FILES } from './model-files'
import { NODE_PACKS } from './node-packs'

const packOf = (classType: string) => NODE_PACKS.find(({ classes }) => classes.test(classType))

/** What to update where a node is there but too old. */
export const ownerOf = (classType: string): string => packOf(classType)?.name ?? 'ComfyUI'

/** How to get a node class: its pack with the pack's address, or a newer ComfyUI. */
export function howToGetNode(classType: string): string {
  const pack = packOf(classType)
  if (!pack) {
    return `The box does not know the node ${classType}. Update ComfyUI; if it is from a node pack, ComfyUI-Manager’s “Install Missing Custom Nodes” finds that.`
  }
  const note = pack.note ? ` ${pack.note}` : ''
  return `Install the node pack ${pack.name} on the box, with ComfyUI-Manager or by “git clone ${pack.url}” in ComfyUI/custom_nodes, and restart ComfyUI.${note}`
}

/** True for files that people must download; some packs get theirs themselves. */
export const isKnownModel = (file: string): boolean => MODEL_FILES.has(file)

/** How to get a model file, and the folder it belongs in; `input` tells the folder of a file we do not know. */
export function howToGetModel(file: string, input: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file
  const source = MODEL_FILES.get(name)
  if (source)
    return `Download ${source.url} (${source.gigabytes} GB) to ComfyUI/models/${source.folder} on the box.`
  const folder = FOLDERS[input]
  return `Put the file ${name} into ${folder ? `ComfyUI/models/${folder}` : 'the folder of its kind under ComfyUI/models'} on the box.`
}

const FOLDERS: Readonly<Record<string, string>> = {
  unet_name: 'diffusion_models',
  ckpt_name: 'checkpoints',
  vae_name: 'vae',
  lora_name: 'loras',
  control_net_name: 'controlnet',
  swap_model: 'insightface',
  face_restore_model: 'facerestore_models',
}

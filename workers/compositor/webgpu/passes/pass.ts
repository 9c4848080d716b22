/** What draws with the GPU. A pass encodes; it never submits. */

/** Encodes into a render pass that somebody else began and ends. */
export interface DrawPass<Input> extends Disposable {
  encode(pass: GPURenderPassEncoder, input: Input): void
}

/** A picture to draw, and how the frame lies on it. */
export interface Shown {
  readonly plate: GPUTexture
  readonly mirror: boolean
}

export interface PipelineOptions {
  readonly label: string
  readonly code: string
  readonly format: GPUTextureFormat
  readonly buffers?: GPUVertexBufferLayout[]
  readonly blend?: GPUBlendState
}

/** A pipeline of triangles; the shader's entry points are named `vertex` and `fragment`. */
export function trianglePipeline(device: GPUDevice, options: PipelineOptions): GPURenderPipeline {
  const { label, code, format, buffers = [], blend } = options
  const module = device.createShaderModule({ label, code })
  return device.createRenderPipeline({
    label,
    layout: 'auto',
    vertex: { module, entryPoint: 'vertex', buffers },
    fragment: { module, entryPoint: 'fragment', targets: [{ format, ...(blend ? { blend } : {}) }] },
  })
}

/** Binds `resources` in order as group 0. */
export function bind(
  device: GPUDevice,
  pipeline: GPURenderPipeline,
  resources: readonly GPUBindingResource[],
): GPUBindGroup {
  return device.createBindGroup({
    label: pipeline.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  })
}

export function uniformBuffer(device: GPUDevice, label: string, size: number): GPUBuffer {
  return device.createBuffer({ label, size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
}

/** The buffer when it is large enough, or a larger one in its place. Sizes in bytes. */
export function roomFor(
  device: GPUDevice,
  buffer: GPUBuffer | undefined,
  label: string,
  size: number,
  usage: GPUBufferUsageFlags,
): GPUBuffer {
  if (buffer && buffer.size >= size) return buffer
  buffer?.destroy()
  return device.createBuffer({ label, size: Math.ceil(size / 4) * 4, usage: usage | GPUBufferUsage.COPY_DST })
}

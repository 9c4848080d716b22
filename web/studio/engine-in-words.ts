import type { Capabilities, Stats } from '../../workers/studio/studio-api'

const ENGINES: Readonly<Record<string, string>> = { mesh: 'Mesh swap' }
const KINDS = { webgpu: 'WebGPU', cpu: 'CPU', wasm: 'WASM' } as const

/** Engine, compositor and execution provider in use; a dash for what is not known yet. */
export function engineInWords(
  stats: Pick<Stats, 'engine' | 'compositor'> | undefined,
  capabilities: Pick<Capabilities, 'compositor' | 'models'> | undefined,
): string {
  const engine = stats?.engine ?? 'mesh'
  const compositor = stats?.compositor ?? capabilities?.compositor
  const providers = [...new Set(capabilities?.models.map(({ provider }) => KINDS[provider]))]
  return [ENGINES[engine] ?? engine, compositor ? KINDS[compositor] : '–', providers.join(' + ') || '–'].join(
    ' · ',
  )
}

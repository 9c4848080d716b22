/** Values on the points of the mesh, made smooth and filled in where nothing trustworthy was seen. */
import { POINTS, type Topology } from './topology'

/**
 * Pulls `values` (POINTS × `channels`) towards `seen` by `trust` (POINTS; 0 where nothing was seen) and towards the mean of
 * their neighbours by `stiffness`: Gauss–Seidel on the membrane energy Σ trust · (v − seen)² + stiffness · Σ (vᵢ − vⱼ)².
 * `values` is the start and the result; a few rounds suffice when it was the result for the frame before.
 */
export function smoothOverMesh(
  values: Float32Array,
  seen: Float32Array,
  trust: Float32Array,
  channels: number,
  stiffness: number,
  rounds: number,
  { starts, neighbours }: Pick<Topology, 'starts' | 'neighbours'>,
): void {
  // Indices are in range by construction.
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < POINTS; step++) {
      const i = round % 2 === 0 ? step : POINTS - 1 - step // there and back, so that news travels both ways
      const first = starts[i] as number
      const end = starts[i + 1] as number
      const weight = trust[i] as number
      const total = weight + stiffness * (end - first)
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let k = first; k < end; k++) sum += values[(neighbours[k] as number) * channels + c] as number
        values[i * channels + c] = (weight * (seen[i * channels + c] as number) + stiffness * sum) / total
      }
    }
  }
}

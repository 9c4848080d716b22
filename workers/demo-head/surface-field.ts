/**
 * Spreads what is known at some vertices smoothly over the rest of a mesh: every free vertex becomes the mean of its
 * neighbours (Laplace's equation with all edges alike), by Gauss–Seidel sweeps.
 */
export function solveField(
  count: number,
  triangles: ArrayLike<number>,
  fixed: ReadonlyMap<number, number>,
): Float32Array<ArrayBuffer> {
  const neighbours = Array.from({ length: count }, () => new Set<number>())
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t] as number, triangles[t + 1] as number, triangles[t + 2] as number]
    neighbours[a]?.add(b).add(c)
    neighbours[b]?.add(a).add(c)
    neighbours[c]?.add(a).add(b)
  }
  const field = new Float32Array(count)
  for (const [vertex, value] of fixed) field[vertex] = value
  for (let sweep = 0; sweep < 120; sweep++) {
    for (let v = 0; v < count; v++) {
      const around = neighbours[v]
      if (fixed.has(v) || !around?.size) continue
      let sum = 0
      for (const w of around) sum += field[w] as number
      field[v] = sum / around.size
    }
  }
  return field
}

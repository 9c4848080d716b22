/** Indices below are in range by construction. */

/**
 * Unit normals (y up) of the vertices of a mesh whose triangles turn counter-clockwise: the mean over the triangles
 * around each, large ones counting more. Writes as many as `triangles` mention; the rest of `normals` becomes zero.
 */
export function findNormals(points: Float32Array, triangles: ArrayLike<number>, normals: Float32Array): void {
  normals.fill(0)
  let last = 0
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * (triangles[t] as number)
    const b = 3 * (triangles[t + 1] as number)
    const c = 3 * (triangles[t + 2] as number)
    const ux = (points[b] as number) - (points[a] as number)
    const uy = (points[b + 1] as number) - (points[a + 1] as number)
    const uz = (points[b + 2] as number) - (points[a + 2] as number)
    const vx = (points[c] as number) - (points[a] as number)
    const vy = (points[c + 1] as number) - (points[a + 1] as number)
    const vz = (points[c + 2] as number) - (points[a + 2] as number)
    const nx = uy * vz - uz * vy
    const ny = uz * vx - ux * vz
    const nz = ux * vy - uy * vx
    normals[a] = (normals[a] as number) + nx
    normals[a + 1] = (normals[a + 1] as number) + ny
    normals[a + 2] = (normals[a + 2] as number) + nz
    normals[b] = (normals[b] as number) + nx
    normals[b + 1] = (normals[b + 1] as number) + ny
    normals[b + 2] = (normals[b + 2] as number) + nz
    normals[c] = (normals[c] as number) + nx
    normals[c + 1] = (normals[c + 1] as number) + ny
    normals[c + 2] = (normals[c + 2] as number) + nz
    last = Math.max(last, a, b, c)
  }
  for (let i = 0; i <= last; i += 3) normalise(normals, i)
}

/** Makes the vector at an index one long. (Math.hypot is many times slower than the square root.) */
export function normalise(values: Float32Array, at: number): void {
  const x = values[at] as number
  const y = values[at + 1] as number
  const z = values[at + 2] as number
  const scale = 1 / (Math.sqrt(x * x + y * y + z * z) || 1)
  values[at] = x * scale
  values[at + 1] = y * scale
  values[at + 2] = z * scale
}

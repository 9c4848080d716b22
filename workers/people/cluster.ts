/**
 * Which stretches of a clip show the same person. Running mean centroids rather than k-means: nobody knows how many people
 * there are, and rules that guess k from the inertia find two far too often (ALGORITHMS.md §4).
 */

/** A face followed without a break, as far as it matters for who it is. */
export interface Stretch {
  /** Numbers of the looks in which it was seen. */
  readonly looks: readonly number[]
  /** The mean of its embeddings, of unit length, and of how many; undefined when none was taken. */
  readonly embedding: Float32Array | undefined
  readonly weight: number
}

/** Cosine from which two faces are one person: facefusion's reference distance of 0.3. */
export const SAME_PERSON = 0.4

interface Cluster {
  readonly members: number[]
  readonly looks: Set<number>
  centroid: Float32Array | undefined
  weight: number
}

/** Stretches (by their numbers in the list) of one person each. Two that were seen in one look are never the same. */
export function clusterByEmbedding(stretches: readonly Stretch[]): number[][] {
  let clusters: Cluster[] = []
  // The best known first: they make the centroids that others are compared with.
  const order = stretches
    .map((_, i) => i)
    .sort((a, b) => weightOf(stretches, b) - weightOf(stretches, a) || a - b)
  for (const index of order) {
    const stretch = stretches[index]
    if (!stretch) continue
    const alone = {
      members: [index],
      looks: new Set(stretch.looks),
      centroid: stretch.embedding,
      weight: stretch.weight,
    }
    const best = mostAlike(clusters, alone)
    if (best) join(best, alone)
    else clusters.push(alone)
  }
  // Centroids have moved since: some may have come together.
  for (let [one, other] = closest(clusters); one && other; [one, other] = closest(clusters)) {
    join(one, other)
    clusters = clusters.filter((cluster) => cluster !== other)
  }
  return clusters.map(({ members }) => members.sort((a, b) => a - b))
}

const weightOf = (stretches: readonly Stretch[], i: number): number => stretches[i]?.weight ?? 0

function mostAlike(clusters: readonly Cluster[], one: Cluster): Cluster | undefined {
  const alike = clusters.map((cluster) => ({ cluster, value: likeness(cluster, one) }))
  return alike.filter(({ value }) => value > SAME_PERSON).sort((a, b) => b.value - a.value)[0]?.cluster
}

function closest(clusters: readonly Cluster[]): readonly [Cluster?, Cluster?] {
  const pairs = clusters.flatMap((one, i) =>
    clusters.slice(i + 1).map((other) => ({ one, other, value: likeness(one, other) })),
  )
  const best = pairs.sort((a, b) => b.value - a.value)[0]
  return best && best.value > SAME_PERSON ? [best.one, best.other] : []
}

/** Cosine of the centroids; −1 for two that cannot be the same person, or of whom one is unknown. */
function likeness(a: Cluster, b: Cluster): number {
  if (!a.centroid || !b.centroid) return -1
  const [fewer, more] = a.looks.size < b.looks.size ? [a.looks, b.looks] : [b.looks, a.looks]
  for (const look of fewer) if (more.has(look)) return -1
  return dot(a.centroid, b.centroid)
}

function join(into: Cluster, from: Cluster): void {
  into.members.push(...from.members)
  for (const look of from.looks) into.looks.add(look)
  if (into.centroid && from.centroid) {
    into.centroid = meanDirection(into.centroid, into.weight, from.centroid, from.weight)
  }
  into.weight += from.weight
}

/** The weighted mean of two directions, of unit length again. */
export function meanDirection(
  a: Float32Array,
  weightA: number,
  b: Float32Array,
  weightB: number,
): Float32Array {
  const sum = a.map((value, i) => weightA * value + weightB * (b[i] ?? 0))
  const length = Math.hypot(...sum)
  return length > 0 ? sum.map((value) => value / length) : a
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

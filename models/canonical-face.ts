/**
 * The face mesh on an average head: where its 468 points are at rest, in a texture, and which of them make triangles.
 *
 * The file `canonical-face.bin`, little-endian: four uint32 (magic, points P, triangles T, anchors A), then float32
 * positions (3·P), uvs (2·P), anchor weights (A), then uint16 triangles (3·T), anchors (A).
 */
export interface CanonicalFace {
  /** 468 × (x, y, z) in cm: x to the image's right, y up, z towards the camera. */
  readonly positions: Float32Array<ArrayBuffer>
  /** 468 × (u, v), 0..1, origin top left. */
  readonly uvs: Float32Array<ArrayBuffer>
  /** 898 × 3 point numbers: the skin, and among it the openings of the eyes and the mouth. */
  readonly triangles: Uint16Array<ArrayBuffer>
  /** Points that move little with expression, for fitting this head onto a face, and how much each counts. */
  readonly anchors: Uint16Array<ArrayBuffer>
  readonly anchorWeights: Float32Array<ArrayBuffer>
}

const MAGIC = 0x31_46_43_55 // "UCF1"
const HEADER = 16 // bytes

/** Throws an Error named `ModelFormatError` when the bytes are something else. */
export function parseCanonicalFace(bytes: Uint8Array): CanonicalFace {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = (index: number): number => (bytes.length < HEADER ? 0 : view.getUint32(4 * index, true))
  const [points, triangles, anchors] = [count(1), count(2), count(3)]
  const expected = HEADER + 4 * (5 * points + anchors) + 2 * (3 * triangles + anchors)
  if (count(0) !== MAGIC || bytes.length !== expected) {
    const error = new Error('This is not a canonical face.')
    error.name = 'ModelFormatError'
    throw error
  }
  let at = HEADER
  const floats = (length: number): Float32Array<ArrayBuffer> => {
    const start = at
    at += 4 * length
    return Float32Array.from({ length }, (_, i) => view.getFloat32(start + 4 * i, true))
  }
  const shorts = (length: number): Uint16Array<ArrayBuffer> => {
    const start = at
    at += 2 * length
    return Uint16Array.from({ length }, (_, i) => view.getUint16(start + 2 * i, true))
  }
  const positions = floats(3 * points)
  const uvs = floats(2 * points)
  const anchorWeights = floats(anchors)
  return { positions, uvs, anchorWeights, triangles: shorts(3 * triangles), anchors: shorts(anchors) }
}

export function encodeCanonicalFace(face: CanonicalFace): Uint8Array<ArrayBuffer> {
  const { positions, uvs, triangles, anchors, anchorWeights } = face
  const floats = [...positions, ...uvs, ...anchorWeights]
  const shorts = [...triangles, ...anchors]
  const bytes = new Uint8Array(HEADER + 4 * floats.length + 2 * shorts.length)
  const view = new DataView(bytes.buffer)
  const header = [MAGIC, positions.length / 3, triangles.length / 3, anchors.length]
  for (const [i, value] of header.entries()) view.setUint32(4 * i, value, true)
  for (const [i, value] of floats.entries()) view.setFloat32(HEADER + 4 * i, value, true)
  const shortsAt = HEADER + 4 * floats.length
  for (const [i, value] of shorts.entries()) view.setUint16(shortsAt + 2 * i, value, true)
  return bytes
}

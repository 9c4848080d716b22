/** MediaPipe's face geometry metadata (a protobuf) as a canonical face. Field numbers: mediapipe face_geometry protos. */
import type { CanonicalFace } from '../canonical-face'

const VERTEX_FLOATS = 5 // x, y, z, u, v

/** Throws an Error named `ModelFormatError` when a part is missing. */
export function readFaceGeometry(bytes: Uint8Array<ArrayBuffer>): CanonicalFace {
  const vertices: number[] = []
  const triangles: number[] = []
  const anchors: number[] = []
  const anchorWeights: number[] = []
  for (const field of fields(bytes)) {
    if (field.number === 1 && field.bytes) {
      for (const part of fields(field.bytes)) {
        if (part.number === 3) vertices.push(part.float ?? Number.NaN)
        if (part.number === 4) triangles.push(part.integer ?? Number.NaN)
      }
    }
    if (field.number === 2 && field.bytes) {
      for (const part of fields(field.bytes)) {
        if (part.number === 1) anchors.push(part.integer ?? Number.NaN)
        if (part.number === 2) anchorWeights.push(part.float ?? Number.NaN)
      }
    }
  }
  const every = [...vertices, ...triangles, ...anchors, ...anchorWeights]
  if (vertices.length === 0 || anchors.length !== anchorWeights.length || every.some(Number.isNaN)) {
    const error = new Error('The face geometry is not as expected.')
    error.name = 'ModelFormatError'
    throw error
  }
  return {
    positions: Float32Array.from(vertices.filter((_, i) => i % VERTEX_FLOATS < 3)),
    uvs: Float32Array.from(vertices.filter((_, i) => i % VERTEX_FLOATS >= 3)),
    triangles: Uint16Array.from(triangles),
    anchors: Uint16Array.from(anchors),
    anchorWeights: Float32Array.from(anchorWeights),
  }
}

interface Field {
  readonly number: number
  readonly integer?: number
  readonly float?: number
  readonly bytes?: Uint8Array<ArrayBuffer>
}

/** The fields of one protobuf message, in order; lists are not packed in this file. */
function* fields(message: Uint8Array<ArrayBuffer>): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = view.getUint8(at++)
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const key = varint()
    const number = Math.floor(key / 8)
    switch (key % 8) {
      case 0:
        yield { number, integer: varint() }
        break
      case 2: {
        const length = varint()
        yield { number, bytes: message.subarray(at, at + length) }
        at += length
        break
      }
      case 5:
        yield { number, float: view.getFloat32(at, true) }
        at += 4
        break
      default:
        throw new RangeError(`Protobuf wire type ${key % 8} is not read here.`)
    }
  }
}

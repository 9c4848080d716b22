/** Numbers boiled down to a short text (FNV-1a over their bits, twice): equal for equal numbers, else as good as never. */
export function fingerprintOf(...parts: readonly Float32Array[]): string {
  let a = 0x811c9dc5
  let b = 0x9dc5811c
  for (const part of parts) {
    const bits = new Uint32Array(part.buffer, part.byteOffset, part.length)
    for (const word of bits) {
      a = Math.imul(a ^ word, 0x01000193) ^ (a >>> 15)
      b = Math.imul(b ^ word, 0x85ebca6b) ^ (b >>> 13)
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

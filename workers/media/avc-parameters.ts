/** H.264 carries what its decoder must know beforehand either in the container, or in front of key frames. */

/**
 * The parameter sets of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1) as they stand within packets: each after
 * its length, in as many bytes as the record says packets use. undefined when this is none.
 */
export function parameterSets(record: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (record.length < 7 || record[0] !== 1) return undefined
  const lengthBytes = ((record[4] ?? 0) & 3) + 1
  const units: number[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at++] ?? 0) & mask // of sequences, then of pictures
    for (let i = 0; i < count; i++) {
      const length = ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0)
      if (length === 0 || at + 2 + length > record.length) return undefined
      for (let byte = lengthBytes - 1; byte >= 0; byte--)
        units.push(byte > 1 ? 0 : (length >> (8 * byte)) & 0xff)
      units.push(...record.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return Uint8Array.from(units)
}

/** How many bytes a length has within packets. */
export const lengthBytesOf = (record: Uint8Array): number => ((record[4] ?? 0) & 3) + 1

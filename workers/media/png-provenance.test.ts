import { crc32, deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { withProvenance } from './png-provenance'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

function chunk(name: string, data: Uint8Array): number[] {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, data.length)
  return [...length, ...Buffer.from(name), ...data, 0, 0, 0, 0]
}

/** Chunks with their stored checksums. */
function chunksOf(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: { name: string; data: Buffer; crc: number }[] = []
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at)
    const name = Buffer.from(png.subarray(at + 4, at + 8)).toString()
    const data = Buffer.from(png.subarray(at + 8, at + 8 + length))
    chunks.push({ name, data, crc: view.getUint32(at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

it('adds one text chunk after the header and leaves the rest alone', () => {
  const header = new Uint8Array(13)
  const pixels = deflateSync(Buffer.from([0, 1, 2, 3, 4]))
  const png = new Uint8Array([
    ...SIGNATURE,
    ...chunk('IHDR', header),
    ...chunk('IDAT', pixels),
    ...chunk('IEND', new Uint8Array()),
  ])
  const chunks = chunksOf(withProvenance(png))
  expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'iTXt', 'IDAT', 'IEND'])
  expect(chunks[1]!.data.toString()).toMatch(/^XML:com\.adobe\.xmp\0\0\0\0\0<\?xpacket/)
  expect(chunks[1]!.data.toString()).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia')
  expect(chunks[2]!.data).toEqual(pixels)
})

it('writes the checksum that PNG readers ask for', () => {
  const png = new Uint8Array([...SIGNATURE, ...chunk('IHDR', new Uint8Array(13))])
  const [, text] = chunksOf(withProvenance(png))
  expect(text!.crc).toBe(crc32(Buffer.concat([Buffer.from('iTXt'), text!.data])))
})

it('refuses what is no PNG', () => {
  expect(() => withProvenance(new Uint8Array(40))).toThrow(TypeError)
})

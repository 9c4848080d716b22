/** As much of the zip format as a zip of frames needs: pictures are stored in it as they are, one after another. */

const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30
const STORED = 0

/** PNG: 8 bytes of signature, then chunks of length, name, content and checksum, the last of them named IEND. */
const PNG_SIGNATURE_BYTES = 8
const IEND = 0x49454e44

export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === LOCAL_HEADER

/** The first picture of a zip of PNG files; undefined where it begins with something else. */
export async function firstPng(zip: Blob): Promise<Blob | undefined> {
  const header = await viewOf(zip, 0, LOCAL_HEADER_BYTES)
  if (header.byteLength < LOCAL_HEADER_BYTES || header.getUint32(0, true) !== LOCAL_HEADER) return undefined
  if (header.getUint16(8, true) !== STORED) return undefined
  const start = LOCAL_HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  const end = await pngEnd(zip, start)
  return end === undefined ? undefined : zip.slice(start, end, 'image/png')
}

/** A zip that was written in one go has the sizes behind the content only, so the picture itself is asked. */
async function pngEnd(zip: Blob, start: number): Promise<number | undefined> {
  const signature = await viewOf(zip, start, PNG_SIGNATURE_BYTES)
  if (signature.byteLength < PNG_SIGNATURE_BYTES || signature.getUint32(0) !== 0x89504e47) return undefined
  for (let at = start + PNG_SIGNATURE_BYTES; at + 12 <= zip.size; ) {
    const chunk = await viewOf(zip, at, 8)
    const end = at + 12 + chunk.getUint32(0)
    if (end > zip.size) return undefined
    if (chunk.getUint32(4) === IEND) return end
    at = end
  }
  return undefined
}

const viewOf = async (blob: Blob, at: number, bytes: number): Promise<DataView> =>
  new DataView(await blob.slice(at, at + bytes).arrayBuffer())

/** Reads what a picture says about its making, walking the structures of its file as its format says. */

const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'
const TRAINED = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'

/** Whether the picture says that parts of it were made with a trained model. Throws when the file is not well-formed. */
export async function saysModified(picture: Blob): Promise<boolean> {
  const xmp = await xmpOf(picture)
  if (xmp === undefined) return false
  const tree = new DOMParser().parseFromString(xmp, 'application/xml')
  if (tree.querySelector('parsererror')) throw new Error('The XMP packet is no XML.')
  const [description] = tree.getElementsByTagNameNS(
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
    'Description',
  )
  return description?.getAttributeNS(IPTC, 'DigitalSourceType') === TRAINED
}

async function xmpOf(picture: Blob): Promise<string | undefined> {
  const bytes = new Uint8Array(await picture.arrayBuffer())
  const read = { 'image/png': pngXmp, 'image/jpeg': jpegXmp, 'image/webp': webpXmp, 'image/gif': gifXmp }[
    picture.type
  ]
  if (!read) throw new Error(`What is ${picture.type}?`)
  return read(bytes)
}

const latin = (bytes: Uint8Array) => bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')
const utf8 = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength)

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not well-formed: ${what}`)
}

function pngXmp(bytes: Uint8Array): string | undefined {
  const view = viewOf(bytes)
  const key = 'XML:com.adobe.xmp\0\0\0\0\0'
  let found: string | undefined
  let last = ''
  check(latin(bytes.subarray(0, 8)) === '\x89PNG\r\n\x1a\n', 'signature')
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at)
    last = latin(bytes.subarray(at + 4, at + 8))
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (last === 'iTXt' && latin(data.subarray(0, key.length)) === key)
      found = utf8(data.subarray(key.length))
    at += 12 + length
  }
  check(last === 'IEND', 'the last chunk')
  return found
}

function jpegXmp(bytes: Uint8Array): string | undefined {
  const view = viewOf(bytes)
  const key = 'http://ns.adobe.com/xap/1.0/\0'
  check(view.getUint16(0) === 0xffd8, 'start of image')
  for (let at = 2; ; ) {
    const marker = view.getUint16(at)
    check(marker >= 0xffc0, 'marker')
    if (marker === 0xffda) return undefined // picture data
    const data = bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2))
    if (marker === 0xffe1 && latin(data.subarray(0, key.length)) === key)
      return utf8(data.subarray(key.length))
    at += 2 + view.getUint16(at + 2)
  }
}

function webpXmp(bytes: Uint8Array): string | undefined {
  const view = viewOf(bytes)
  check(latin(bytes.subarray(0, 4)) === 'RIFF' && latin(bytes.subarray(8, 12)) === 'WEBP', 'header')
  check(view.getUint32(4, true) === bytes.length - 8, 'length of the file')
  let flags = 0
  let found: string | undefined
  let at = 12
  while (at < bytes.length) {
    const name = latin(bytes.subarray(at, at + 4))
    const length = view.getUint32(at + 4, true)
    if (name === 'VP8X') flags = bytes[at + 8] ?? 0
    if (name === 'XMP ') found = utf8(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length + (length % 2)
  }
  check(at === bytes.length, 'chunks')
  check(((flags & 4) !== 0) === (found !== undefined), 'the XMP flag')
  return found
}

function gifXmp(bytes: Uint8Array): string | undefined {
  check(latin(bytes.subarray(0, 6)) === 'GIF89a', 'signature')
  const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  let found: string | undefined
  let at = 13 + tableBytes(bytes[10] ?? 0)
  const skipBlocks = () => {
    while (bytes[at] !== 0) {
      at += (bytes[at] ?? 0) + 1
      check(at < bytes.length, 'blocks end')
    }
    at++
  }
  for (;;) {
    const introducer = bytes[at++]
    if (introducer === 0x3b) {
      check(at === bytes.length, 'nothing follows the trailer')
      return found
    }
    check(introducer === 0x21 || introducer === 0x2c, 'introducer')
    if (introducer === 0x2c) {
      at += 9 + tableBytes(bytes[at + 8] ?? 0) + 1 // descriptor, its colours, code size
    } else if (bytes[at++] === 0xff && latin(bytes.subarray(at + 1, at + 12)) === 'XMP DataXMP') {
      const start = at + 12
      const end = bytes.indexOf(1, start) // the magic trailer; XML has no such character
      found = utf8(bytes.subarray(start, end))
    }
    skipBlocks()
  }
}

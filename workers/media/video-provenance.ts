/** The statement that a video was made with a trained model, inside mp4 and WebM, and how to read it. */
import { ALL_FORMATS, BlobSource, Input, type MetadataTags } from 'mediabunny'
import { SOURCE_TYPE, XMP } from './provenance'

/** Marks a box of XMP at the top level of ISO media: XMP specification, part 3, 1.2.7. */
const XMP_UUID = [
  0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
]

/** For programs that show a file's tags, in either container. Matroska has no agreed name for it: IPTC's own. */
export const PROVENANCE_TAGS: MetadataTags = {
  comment: `Modified with AI. ${SOURCE_TYPE}`,
}
export const WEBM_PROVENANCE_TAGS: MetadataTags = {
  ...PROVENANCE_TAGS,
  raw: { DIGITALSOURCETYPE: SOURCE_TYPE, XMP },
}

/** The XMP packet as a box of an mp4, to stand after everything else. */
export function xmpBox(): Uint8Array<ArrayBuffer> {
  const xmp = new TextEncoder().encode(XMP)
  const box = new Uint8Array(8 + XMP_UUID.length + xmp.length)
  new DataView(box.buffer).setUint32(0, box.length)
  box.set(new TextEncoder().encode('uuid'), 4)
  box.set(XMP_UUID, 8)
  box.set(xmp, 8 + XMP_UUID.length)
  return box
}

/** IPTC's digital source type as a video's XMP says it, or its comment; undefined when they say nothing. */
export async function readProvenance(file: Blob): Promise<string | undefined> {
  const { xmp, comment } = await readTags(file)
  const packet = (await readXmpBox(file)) ?? xmp
  return (
    /DigitalSourceType(?:="|>)([^"<]+)/.exec(packet ?? '')?.[1] ??
    /http:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\/\w+/.exec(comment ?? '')?.[0]
  )
}

async function readXmpBox(file: Blob): Promise<string | undefined> {
  for (let at = 0; at + 8 <= file.size; ) {
    const head = new DataView(await file.slice(at, at + 32).arrayBuffer())
    let size = head.getUint32(0)
    if (size === 1 && head.byteLength >= 16) size = Number(head.getBigUint64(8))
    if (size < 8) return undefined
    const isUuid = head.getUint32(4) === 0x75756964 && head.byteLength >= 24
    if (isUuid && XMP_UUID.every((byte, i) => head.getUint8(8 + i) === byte))
      return file.slice(at + 24, at + size).text()
    at += size
  }
  return undefined
}

async function readTags(file: Blob): Promise<{ xmp?: string; comment?: string }> {
  using input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  if (!(await input.canRead())) return {}
  const { raw, comment } = await input.getMetadataTags()
  const xmp = raw?.XMP
  return { ...(typeof xmp === 'string' && { xmp }), ...(comment !== undefined && { comment }) }
}

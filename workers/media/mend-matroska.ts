/**
 * A Matroska or WebM file that broke off, so that all of its whole frames can be read: mediabunny passes over a cluster
 * that is not all there, and a cluster may last five seconds (RFC 9559 §5; element sizes RFC 8794 §4).
 */

const SEGMENT = 0x18538067
const CLUSTER = 0x1f43b675
const TOP_HEAD = 12 // bytes of the longest id and size

interface Element {
  readonly id: number
  /** Of the size, from the element's start; its length in bytes. */
  readonly sizeAt: number
  readonly sizeLength: number
  readonly head: number
  /** Contents, bytes; undefined where the writer did not know. */
  readonly size: number | undefined
}

/** The file without its last, broken frame; undefined where nothing is missing. Copies nothing. */
export async function mendMatroska(file: Blob): Promise<Blob | undefined> {
  const segment = await segmentOf(file)
  if (segment?.size === undefined || segment.contentsAt + segment.size <= file.size) return undefined
  let at = segment.contentsAt
  for (;;) {
    const element = await elementAt(file, at)
    if (!element) return file.slice(0, at)
    const end = at + element.head + (element.size ?? 0)
    if (element.size === undefined) return undefined // mediabunny looks for the end itself
    if (end > file.size) {
      return element.id === CLUSTER ? shortened(file, at, element) : file.slice(0, at)
    }
    at = end
  }
}

async function segmentOf(file: Blob): Promise<{ contentsAt: number; size: number | undefined } | undefined> {
  const header = await elementAt(file, 0)
  if (header?.size === undefined) return undefined
  const at = header.head + header.size
  const segment = await elementAt(file, at)
  if (segment?.id !== SEGMENT) return undefined
  return { contentsAt: at + segment.head, size: segment.size }
}

/** The file up to the cluster's last whole block, and the cluster saying so. */
async function shortened(file: Blob, clusterAt: number, cluster: Element): Promise<Blob> {
  let end = clusterAt + cluster.head
  for (;;) {
    const element = await elementAt(file, end)
    if (element?.size === undefined || end + element.head + element.size > file.size) break
    end += element.head + element.size
  }
  const size = encodedSize(end - clusterAt - cluster.head, cluster.sizeLength)
  const sizeAt = clusterAt + cluster.sizeAt
  return new Blob([file.slice(0, sizeAt), size, file.slice(sizeAt + cluster.sizeLength, end)])
}

async function elementAt(file: Blob, at: number): Promise<Element | undefined> {
  const bytes = new Uint8Array(await file.slice(at, at + TOP_HEAD).arrayBuffer())
  const idLength = lengthOf(bytes[0])
  const sizeLength = lengthOf(bytes[idLength])
  if (idLength > 4 || sizeLength > 8 || bytes.length < idLength + sizeLength) return undefined
  let id = 0
  for (let i = 0; i < idLength; i++) id = id * 256 + (bytes[i] ?? 0)
  let size = (bytes[idLength] ?? 0) & (0xff >> sizeLength)
  let isUnknown = size === 0xff >> sizeLength
  for (let i = 1; i < sizeLength; i++) {
    const byte = bytes[idLength + i] ?? 0
    isUnknown &&= byte === 0xff
    size = size * 256 + byte
  }
  return {
    id,
    sizeAt: idLength,
    sizeLength,
    head: idLength + sizeLength,
    size: isUnknown ? undefined : size,
  }
}

/** Leading zero bits of the first byte tell how many bytes follow; 9 and more where none can begin. */
const lengthOf = (first: number | undefined): number => (first ? Math.clz32(first) - 23 : 9)

function encodedSize(size: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let i = length - 1, rest = size; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest & 0xff
  bytes[0] = (bytes[0] ?? 0) | (0x80 >> (length - 1))
  return bytes
}

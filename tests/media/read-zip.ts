export interface ZipEntry {
  readonly name: string
  readonly content: Blob
  readonly crc: number
}

/** What a zip holds, by its central directory (APPNOTE 4.3.12, 4.3.16). Throws unless everything is stored as it is. */
export async function zipEntries(zip: Blob): Promise<ZipEntry[]> {
  const view = new DataView(await zip.arrayBuffer())
  const end = view.byteLength - 22
  const check = (at: number, mark: number) => {
    if (view.getUint32(at, true) !== mark) throw new Error(`Not well-formed at byte ${at}.`)
  }
  check(end, 0x06054b50)
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    check(at, 0x02014b50)
    if (view.getUint16(at + 10, true) !== 0) throw new Error('An entry is compressed.')
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength))
    const local = view.getUint32(at + 42, true)
    check(local, 0x04034b50)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const content = zip.slice(start, start + view.getUint32(at + 24, true))
    entries.push({ name, content, crc: view.getUint32(at + 16, true) })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

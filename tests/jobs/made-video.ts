/** A box of an MP4 file: its length, its name, what is in it. */
function box(name: string, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0))
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, ...parts])
}

/** An MP4 file of exactly so many bytes: a track without frames, and noise that is different in each piece of it. */
export function madeVideo(bytes: number): Buffer {
  const handler = box('hdlr', Buffer.alloc(8), Buffer.from('vide'), Buffer.alloc(13))
  const head = Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1')),
    box('moov', box('trak', box('mdia', handler))),
  ])
  const film = Buffer.alloc(bytes - head.length - 8)
  for (let at = 0; at < film.length; at++) film[at] = Math.imul(at, 2_654_435_761) >>> 24
  return Buffer.concat([head, box('mdat', film)])
}

/** What is refused by its first bytes already, so that nobody sends two gigabytes in vain. */
import type { FileKind } from '../files'
import { unsupported } from '../refusals'
import { HEAD_BYTES, KINDS, type MediaFormat, sniff } from './sniff'

/** The format that a file begins as. Throws a Refusal named UnsupportedMedia where none of its kinds is wanted. */
export function formatOf(head: Uint8Array, accept: readonly FileKind[]): MediaFormat {
  const format = sniff(head)
  const kinds: readonly FileKind[] = format ? KINDS[format] : []
  if (!format || !accept.some((kind) => kinds.includes(kind))) throw unsupported(accept)
  return format
}

/** To be given the chunks of a file from its beginning; throws as `formatOf` once enough of them came. */
export function headCheck(accept: readonly FileKind[]): (chunk: Uint8Array) => void {
  let head = Buffer.alloc(0)
  return (chunk) => {
    if (head.length >= HEAD_BYTES) return
    head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)])
    if (head.length >= HEAD_BYTES) formatOf(head, accept)
  }
}

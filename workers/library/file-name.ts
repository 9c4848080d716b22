/** Names for files that leave the library, right on every system. */

const EXTENSIONS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'image/gif': 'gif',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'application/zip': 'zip',
}

/** What no file may be called on Windows, whatever its extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i
/** Without the extension, in UTF-8; most file systems allow 255 with it. */
const MOST_BYTES = 200

/** A media type may carry codecs; the extension does not. */
export const extensionOf = (type: string): string => EXTENSIONS[type.split(';')[0]?.trim() ?? ''] ?? 'bin'

/** A person's name for an item as a file name: what some system forbids is replaced. */
export function fileName(name: string, type: string): string {
  const extension = extensionOf(type)
  const clean = [...name.normalize('NFC')]
    .map((letter) => (letter < ' ' || '<>:"/\\|?*\u007f'.includes(letter) ? '-' : letter))
    .join('')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const bare = clean.toLowerCase().endsWith(`.${extension}`) ? clean.slice(0, -extension.length - 1) : clean
  const safe = RESERVED.test(bare) ? `_${bare}` : bare
  return `${cut(safe, MOST_BYTES) || 'Understudy'}.${extension}`
}

/** No letter is cut in half. */
function cut(text: string, mostBytes: number): string {
  const encoder = new TextEncoder()
  let bytes = 0
  let length = 0
  for (const letter of text) {
    bytes += encoder.encode(letter).length
    if (bytes > mostBytes) break
    length += letter.length
  }
  return text.slice(0, length).trimEnd()
}

/** Makes names that people gave to files fit to be shown and to be saved under: never a path. */

// Control characters, halves of characters, and marks that turn the direction of the text or cannot be seen: "exe.gpj" must not read as "jpg.exe". The joiner
// of emoji (U+200D) stays.
const unseen = /[\p{Cc}\p{Cs}\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const reserved = /[:*?"<>|]/g // on Windows
const maxBytes = 180 // UTF-8; file systems take 255

const extensions: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'image/png': ['.png', '.apng'],
  'image/jpeg': ['.jpg', '.jpeg', '.jpe', '.jfif'],
  'image/webp': ['.webp'],
  'image/gif': ['.gif'],
  'image/bmp': ['.bmp'],
  'image/avif': ['.avif'],
  'video/mp4': ['.mp4', '.m4v'],
  'video/quicktime': ['.mov', '.qt'],
  'video/webm': ['.webm'],
  'video/x-matroska': ['.mkv'],
  'video/x-msvideo': ['.avi'],
  'audio/mpeg': ['.mp3'],
  'audio/mp4': ['.m4a'],
  'audio/wav': ['.wav'],
  'audio/ogg': ['.ogg', '.oga', '.opus'],
  'audio/flac': ['.flac'],
  'audio/webm': ['.weba', '.webm'],
}

/**
 * The last part of a name that may be hostile: without control characters, at most 180 bytes of UTF-8, and with an extension that fits the
 * media type, so that a picture called "x.html" is not saved as a page.
 */
export function harmlessName(name: string, type: string): string {
  const fitting = extensions[type] ?? ['.bin']
  const [, stem = '', extension = ''] =
    (name.split(/[/\\]/).at(-1) ?? '')
      .slice(-1000)
      .normalize('NFC')
      .replace(unseen, '')
      .replace(reserved, '_')
      .replace(/\s+/g, ' ')
      .match(/^[\s.]*(.*?)(\.[^. ]{1,8})?[\s.]*$/u) ?? []
  const fits = fitting.includes(extension.toLowerCase())
  const whole = cut(fits ? stem : stem + extension, maxBytes - 8)
  return (whole || type.slice(0, type.indexOf('/'))) + (fits ? extension : fitting[0])
}

/** Cuts between what people see as characters. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, bytes))) {
    if (Buffer.byteLength(kept + segment) > bytes) break
    kept += segment
  }
  return kept.trimEnd()
}

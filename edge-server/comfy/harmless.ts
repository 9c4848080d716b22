/** A box's own words as they may be shown: its first line, no folders of its disk, not long (05_exec_error). */
export function harmless(message: string): string {
  const [line = ''] = message.trim().split('\n')
  const shown = line
    .slice(0, 2000)
    .replaceAll(
      /(["'])((?:[A-Za-z]:)?[\\/][^"']*)\1/g,
      (_, quote: string, path: string) => `${quote}${fileOf(path)}${quote}`,
    )
    .replaceAll(/(?<![\w.:/\\])(?:[A-Za-z]:\\|[\\/])[^\s"',;:()<>]+/g, fileOf)
    .replaceAll(/<[^<>]* object at 0x[0-9a-f]+>/gi, '…')
  return shown.length > 300 ? `${shown.slice(0, 299)}…` : shown
}

/** The last part of a path where it names a file; a folder's name may be a person's. */
function fileOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  return /\.\w{1,12}$/.test(name) ? name : '…'
}

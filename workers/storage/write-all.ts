/**
 * Writes all of it at this place. Throws a `QuotaExceededError` when there is no room: browsers say so in different ways.
 * Chromium 156 throws nothing and answers with its error's number as if it were a count: 2³² − 8 bytes.
 */
export function writeAll(file: FileSystemSyncAccessHandle, data: Uint8Array<ArrayBuffer>, at: number): void {
  for (let done = 0; done < data.byteLength; ) {
    const rest = data.subarray(done)
    const written = file.write(rest, { at: at + done })
    if (written === 0 || written > rest.byteLength)
      throw new DOMException(`${rest.byteLength} bytes could not be written.`, 'QuotaExceededError')
    done += written
  }
}

/** Files packed one after another into a `.data` file; the table of them stands as JSON in the loader script beside it. */

/** The file whose path ends in `name`. Throws an Error named `ModelFormatError` when there is none. */
export function unpackAsset(
  loader: string,
  data: Uint8Array<ArrayBuffer>,
  name: string,
): Uint8Array<ArrayBuffer> {
  for (const [, path, start, end] of loader.matchAll(
    /"filename": ?"([^"]*)", ?"start": ?(\d+), ?"end": ?(\d+)/g,
  )) {
    if (path?.endsWith(`/${name}`) && Number(end) <= data.length)
      return data.slice(Number(start), Number(end))
  }
  const error = new Error(`${name} is not among the packed assets.`)
  error.name = 'ModelFormatError'
  throw error
}

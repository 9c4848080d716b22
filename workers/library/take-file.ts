import { namedError } from '../rpc/named-error'
import { removeEntry } from '../storage/folders'
import { libraryFolder, putItem } from './library'
import type { LibraryItem } from './library-item'

/** As `LibraryApi.take`. The bytes go from the network to the disk; what else there is to know of it is found out later. */
export async function takeFile(name: string, url: string): Promise<void> {
  const response = await fetch(url)
  if (!response.ok || !response.body) throw namedError('LibraryFileMissingError', `The server has no ${url}.`)
  const id = crypto.randomUUID()
  const files = await libraryFolder()
  const handle = await files.getFileHandle(id, { create: true })
  try {
    await response.body.pipeTo(await handle.createWritable())
  } catch (error) {
    await removeEntry(files, id)
    throw error
  }
  const { size } = await handle.getFile()
  const type = response.headers.get('Content-Type') ?? ''
  await putItem({
    id,
    name,
    kind: kindOf(type),
    type,
    addedAt: Date.now(),
    bytes: size,
    durationS: undefined,
    width: undefined,
    height: undefined,
    thumbnail: undefined,
    state: 'whole',
  })
}

function kindOf(type: string): LibraryItem['kind'] {
  if (type === 'image/gif') return 'gif'
  return type.startsWith('image/') ? 'still' : 'clip'
}

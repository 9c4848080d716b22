/** The picture thread: reads, scales and cuts source pictures, so that the page stays smooth meanwhile. */
import { expose, transfer } from 'comlink'
import type { Box } from '../../workers/studio/studio-api'
import { cutThumbnail, encodePicture } from './portrait'
import { readPicture } from './read-picture'

const open = new Map<number, ImageBitmap>()
let lastId = 0

async function keep(picture: ImageBitmap) {
  open.set(++lastId, picture)
  const image = await createImageBitmap(picture)
  return transfer({ id: lastId, image }, [image])
}

function picture(id: number): ImageBitmap {
  const found = open.get(id)
  if (!found) throw new Error('This picture was closed.')
  return found
}

const pictures = {
  /** Opens a file under a number; the image is a copy and the caller's. Rejects with a named Error. */
  read: async (file: Blob) => keep(await readPicture(file)),
  /** The same for a picture that is there already; takes it over. */
  take: (image: ImageBitmap) => keep(image),
  /** The face as a JPEG for cards and lists. */
  thumbnail: (id: number, box: Box) => cutThumbnail(picture(id), box),
  /** The whole picture as a JPEG. */
  encode: (id: number) => encodePicture(picture(id)),
  close(id: number): void {
    open.get(id)?.close()
    open.delete(id)
  },
}
export type PicturesApi = typeof pictures
expose(pictures)

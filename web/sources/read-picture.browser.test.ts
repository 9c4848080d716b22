import { expect, test } from 'vitest'
import { encodePicture } from './portrait'
import { readPicture } from './read-picture'

/** Left half red, right half blue. */
async function halves(width: number, height: number, type = 'image/jpeg'): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = 'red'
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = 'blue'
  context.fillRect(width / 2, 0, width / 2, height)
  return canvas.convertToBlob({ type })
}

/** The same JPEG with an Exif segment that says it lies on its side (6: turn it a quarter to the right). */
async function turned(jpeg: Blob): Promise<Blob> {
  const exif = new Uint8Array([
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 0x2a, 0, 8, 0, 0, 0],
    ...[1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
  ])
  return new Blob([jpeg.slice(0, 2), exif, jpeg.slice(2)])
}

function colourAt(picture: ImageBitmap, x: number, y: number): 'red' | 'blue' {
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!
  context.drawImage(picture, 0, 0)
  const [red = 0, , blue = 0] = context.getImageData(x, y, 1, 1).data
  return red > blue ? 'red' : 'blue'
}

const named = (name: string) => expect.objectContaining({ name })

test('a picture of usual size comes as it is', async () => {
  const picture = await readPicture(await halves(400, 200, 'image/png'))
  expect([picture.width, picture.height]).toEqual([400, 200])
  expect([colourAt(picture, 10, 100), colourAt(picture, 390, 100)]).toEqual(['red', 'blue'])
})

test('a long one is scaled to 2048, and one that lies on its side is turned up', async () => {
  const picture = await readPicture(await turned(await halves(4096, 1024)))
  expect([picture.width, picture.height]).toEqual([512, 2048])
  expect([colourAt(picture, 256, 40), colourAt(picture, 256, 2000)]).toEqual(['red', 'blue'])
})

test('what is too small, too large or no picture is refused by name', async () => {
  await expect(readPicture(await halves(1, 1, 'image/png'))).rejects.toEqual(named('ImageTooSmallError'))
  // Only the header is there: were it decoded, the error would be another one.
  const size = [0, 0, 0x27, 0x10]
  const huge = new Uint8Array([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    0,
    0,
    0,
    13,
    73,
    72,
    68,
    82,
    ...size,
    ...size,
  ])
  await expect(readPicture(new Blob([huge]))).rejects.toEqual(named('ImageTooLargeError'))
  const whole = await halves(400, 400)
  await expect(readPicture(whole.slice(0, 300))).rejects.toEqual(named('ImageUndecodableError'))
  await expect(readPicture(new Blob(['hello']))).rejects.toEqual(named('ImageUndecodableError'))
  await expect(readPicture(new Blob(['<svg xmlns="x"/>']))).rejects.toEqual(named('SvgUndecodableError'))
  const heic = new Blob([new Uint8Array([0, 0, 0, 24]), 'ftypheic', new Uint8Array(4), 'mif1heic'])
  await expect(readPicture(heic)).rejects.toEqual(named('HeicUndecodableError'))
})

test('what is put on the shelf has the size that landmarks are measured in', async () => {
  const picture = await readPicture(await halves(300, 401, 'image/png'))
  const again = await createImageBitmap(await encodePicture(picture))
  expect([again.width, again.height]).toEqual([300, 401])
})

/** The clip thread: one clip or still, looked at, scanned and tried out. */
import { expose, transfer } from 'comlink'
import '../rpc/signal'
import { scanPeople } from '../people/scan'
import { namedError } from '../rpc/named-error'
import type { ClipApi } from './clip-api'
import { estimateBytes } from './estimate'
import { filmstrip } from './filmstrip'
import { openFootage } from './footage'
import { type OpenClipStudio, openClipStudio } from './open-clip-studio'
import { saveStill } from './save-still'
import { scanStill } from './scan-still'
import { Turns } from './turns'

let opened: OpenClipStudio | undefined
let notify: (notice: string) => void = () => undefined
let loading: AbortController | undefined
/** Saving uses one set of networks. */
const saves = new Turns()

function parts(): OpenClipStudio {
  if (!opened) throw new Error('The clip thread was asked for something before open().')
  return opened
}

const api: ClipApi = {
  async open(onEvent, remembered) {
    notify = (notice) => onEvent({ name: 'notice', notice, detail: '' })
    opened = await openClipStudio(onEvent, remembered)
    return opened.capabilities
  },
  show: (canvas) => parts().preview.show(canvas),
  async load(file, onProgress, signal) {
    const { preview } = parts()
    loading?.abort() // the newest wins
    loading = new AbortController()
    const wanted = AbortSignal.any([signal, loading.signal])
    const footage = await openFootage(file, onProgress, notify, wanted)
    try {
      const first = await footage.frameAt(footage.fromS, wanted)
      if (wanted.aborted) first.frame.close()
      wanted.throwIfAborted()
      await preview.open(footage, first)
    } catch (error) {
      footage[Symbol.dispose]()
      throw error
    }
    return footage.opened
  },
  async unload() {
    loading?.abort()
    await parts().preview.open(undefined, undefined)
  },
  seek: (timeS) => parts().preview.seek(timeS),
  play: async (fromS, toS) => parts().preview.play(fromS, toS),
  pause: () => parts().preview.pause(),
  async setLook(look) {
    const { stage, preview } = parts()
    stage.look = look
    await preview.redraw()
  },
  async setCast(cast, people) {
    const { stage, preview } = parts()
    stage.setCast(cast, people)
    await preview.redraw()
  },
  async putSource(id, source) {
    const { stage, preview } = parts()
    stage.putSource(id, source)
    await preview.redraw()
  },
  filmstrip: (count, heightPx, onPicture, signal) =>
    parts().preview.use(async ({ reader }, life) => {
      if (!reader) return
      const hand = (index: number, image: ImageBitmap) => onPicture(index, transfer(image, [image]))
      await filmstrip(reader, count, heightPx, hand, life)
    }, signal),
  scan: (span, onProgress, signal) =>
    parts().preview.use(async (footage, life) => {
      const { swapParts } = parts()
      const found = footage.reader
        ? await scanPeople(footage.reader, swapParts, span, onProgress, life)
        : await scanStill(footage, swapParts, life)
      const thumbnails = found.people.map(({ thumbnail }) => thumbnail)
      return transfer(found, thumbnails)
    }, signal),
  estimateBytes: (output, span, signal) =>
    parts().preview.use(async ({ reader }, life) => {
      if (!reader) throw namedError('NoVideoTrackError', 'A still picture is open.')
      return estimateBytes(reader, output, span, life)
    }, signal),
  saveStill(format) {
    const { preview, saving } = parts()
    const { shown } = preview
    if (!shown) throw namedError('NothingShownError', 'No file is open.')
    const { timeS } = shown
    return preview.use((footage, life) => saves.take(() => saveStill(saving, footage, timeS, format, life)))
  },
  async loseDevice() {
    parts().swapParts.loseDevice()
  },
  async close() {
    loading?.abort()
    const closing = opened
    opened = undefined
    await closing?.[Symbol.asyncDispose]()
  },
}

expose(api)

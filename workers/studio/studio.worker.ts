/** The studio thread: frames in, swapped pictures on the page's canvas. */
import { expose, transfer } from 'comlink'
import { facesInStill, plateOfPixels, yawOf } from '../faces/still'
import { boundsOf } from '../faces/tracks'
import { type OpenStudio, openStudio } from './open-studio'
import { readBitmap } from './read-bitmap'
import type { FoundFace, StudioApi } from './studio-api'

let opened: OpenStudio | undefined

function parts(): OpenStudio {
  if (!opened) throw new Error('The studio was asked for something before open().')
  return opened
}

const api: StudioApi = {
  async open(onEvent, remembered) {
    opened = await openStudio(onEvent, remembered)
    return opened.capabilities
  },
  show: async (canvas) => parts().display.show(canvas),
  feed: (frames) => parts().studio.feed(frames),
  stop: () => parts().studio.stop(),
  async setLook(look) {
    parts().studio.look = look
  },
  async setSource(source) {
    const { studio, engine } = parts()
    studio.source = source && engine.prepare(readBitmap(source.image), source.landmarks)
  },
  async chooseFace(id) {
    parts().studio.choose(id)
  },
  async findFaces(image) {
    const faces = await facesInStill(plateOfPixels(readBitmap(image)), parts().stillNetworks)
    const found = faces.map(({ landmarks }): FoundFace => {
      const { left, top, right, bottom } = boundsOf(landmarks)
      const box = { x: left, y: top, width: right - left, height: bottom - top }
      return { landmarks, box, yaw: yawOf(landmarks) }
    })
    return transfer(
      found,
      found.map(({ landmarks }) => landmarks.buffer),
    )
  },
  async record(port) {
    parts().studio.record(port)
  },
  snapshot: () => parts().studio.snapshot(),
  async loseDevice() {
    parts().loseDevice()
  },
  async close() {
    opened?.[Symbol.dispose]()
    opened = undefined
  },
}

expose(api)

import type { Pixels } from '../../models/pixels'
import type { ClipFrame, ClipReader } from '../media/clip-reader'
import { openClip } from '../media/open-clip'
import type { Opened } from './clip-api'
import { isStill, onBlack, readStill, type StillPixels } from './read-still'

/** Longer side, px: larger stills are shown scaled down to what every GPU takes, and saved at their own size. */
const SHOWN_SIDE = 4096

/** What is open: a clip, or a still that is looked at like a clip of one frame. */
export interface Footage extends Disposable {
  readonly opened: Opened
  readonly fromS: number
  readonly toS: number
  /** undefined for a still. */
  readonly reader: ClipReader | undefined
  /** The frame shown at this moment; the caller closes it. */
  frameAt(timeS: number, signal: AbortSignal): Promise<ClipFrame>
  /** The still at its full size; undefined for a clip, whose frames are. */
  fullStill(): Promise<StillPixels> | undefined
}

/** Opens by what the file is, not by what it is called. Rejects with a named Error. */
export async function openFootage(
  file: File,
  onProgress: (done: number) => void,
  onWarning: (name: string) => void,
  signal: AbortSignal,
): Promise<Footage> {
  if (await isStill(file)) return stillFootage(file, signal)
  return clipFootage(await openClip(file, file.name, { onProgress, onWarning, signal }))
}

function clipFootage(reader: ClipReader): Footage {
  const { info } = reader
  return {
    opened: { kind: 'clip', info },
    fromS: info.fromS,
    toS: info.toS,
    reader,
    frameAt: (timeS, signal) => reader.frameAt(timeS, signal),
    fullStill: () => undefined,
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  }
}

async function stillFootage(file: Blob, signal: AbortSignal): Promise<Footage> {
  const still = await readStill(file, SHOWN_SIDE)
  signal.throwIfAborted()
  const frame = frameOf(onBlack(still))
  return {
    opened: { kind: 'still', ...still.full },
    fromS: 0,
    toS: 0,
    reader: undefined,
    frameAt: async () => ({ frame: frame.clone(), timeS: 0, durationS: 0 }),
    fullStill: () => readStill(file),
    [Symbol.dispose]: () => frame.close(),
  }
}

/** A frame of exactly these pixels: nobody converts their colours. */
export const frameOf = ({ width, height, data }: Pixels): VideoFrame =>
  new VideoFrame(data, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 })

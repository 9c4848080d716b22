import type { Corner } from '../compositor/layer'

/** Everything a person can set about the picture. Plain data: stored, sent to the studio thread, compared. */
export interface Look {
  readonly opacity: number // 0..1
  /** Width of the soft edge inside the face oval, 0..1. */
  readonly edgeSoftness: number
  /** How far the source's colours move to the target's, 0..1. */
  readonly colourMatch: number
  /** Face proportions: 0 the target's, 1 the source's. */
  readonly shape: number
  /** Sharpening of the source's face, 0..1. */
  readonly sharpness: number
  readonly ownEyes: boolean
  /** The whole mouth with its lips stays the target's. The inside of an open mouth always does. */
  readonly ownMouth: boolean
  readonly faces: 'all' | 'largest' | 'chosen'
  /** Landmark smoothing: 0 none, 1 strongest. */
  readonly smoothing: number
  /** What is shown when a face was lost for longer than the hold time: the plate, a blurred patch over it, the last picture. */
  readonly onLoss: 'plain' | 'hide' | 'freeze'
  readonly mirror: boolean
  readonly split: number | undefined // 0..1 of the shown width
  readonly showMesh: boolean
  readonly badge: Corner | 'off'
}

export const DEFAULT_LOOK: Look = {
  opacity: 1,
  edgeSoftness: 0.3,
  colourMatch: 0.6,
  shape: 0.9,
  sharpness: 0.3,
  ownEyes: true,
  ownMouth: false,
  faces: 'all',
  smoothing: 0.5,
  onLoss: 'plain',
  mirror: true,
  split: undefined,
  showMesh: false,
  badge: 'bottom-right',
}

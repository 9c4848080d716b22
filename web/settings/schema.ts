/** What is remembered between visits, and how stored data of any age becomes it. */
import * as v from 'valibot'
import { DEFAULT_LOOK } from '../../workers/studio/look'

const share = (fallback: number) => v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), fallback)
const flag = (fallback: boolean) => v.fallback(v.boolean(), fallback)
const pick = <const T extends readonly string[]>(options: T, fallback: T[number]) =>
  v.fallback(v.picklist(options), fallback)
const text = v.fallback(v.pipe(v.string(), v.maxLength(512)), '')

const CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'off'] as const
export const SIZES = ['auto', '640x480', '960x540', '1280x720', '1920x1080'] as const
export const RATES = ['auto', '15', '24', '30', '60'] as const
export const THEMES = ['dark', 'light', 'system'] as const

/** A split or a shown mesh belongs to the moment and is not remembered. */
const StoredLook = v.object({
  opacity: share(DEFAULT_LOOK.opacity),
  edgeSoftness: share(DEFAULT_LOOK.edgeSoftness),
  colourMatch: share(DEFAULT_LOOK.colourMatch),
  shape: share(DEFAULT_LOOK.shape),
  sharpness: share(DEFAULT_LOOK.sharpness),
  ownEyes: flag(DEFAULT_LOOK.ownEyes),
  ownMouth: flag(DEFAULT_LOOK.ownMouth),
  faces: pick(['all', 'largest', 'chosen'], DEFAULT_LOOK.faces),
  smoothing: share(DEFAULT_LOOK.smoothing),
  onLoss: pick(['plain', 'hide', 'freeze'], DEFAULT_LOOK.onLoss),
  mirror: flag(DEFAULT_LOOK.mirror),
  badge: pick(CORNERS, DEFAULT_LOOK.badge),
})

const StoredSettings = v.object({
  look: v.fallback(StoredLook, v.parse(StoredLook, {})),
  theme: pick(THEMES, 'dark'),
  input: pick(['camera', 'file', 'demo'], 'camera'),
  cameraId: text,
  facing: pick(['user', 'environment'], 'user'),
  size: pick(SIZES, 'auto'),
  rate: pick(RATES, 'auto'),
  sourceId: text,
  recordingFormat: pick(['mp4', 'webm'], 'mp4'),
  /** Recordings have sound. */
  isMicrophoneOn: flag(true),
  microphoneId: text,
  /** Output pages in other programs may connect; they must know the room. */
  isOutputShared: flag(false),
  outputRoom: v.fallback(v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)), ''),
  /** A notification of the system when a job on a box has ended. */
  notifyOfJobs: flag(false),
  /** ISO date of the consent; empty while there is none. */
  consentedAt: text,
  /** The demo characters were offered once: deleted ones do not return. */
  demoOffered: flag(false),
})

export type StoredLook = v.InferOutput<typeof StoredLook>
export type Settings = v.InferOutput<typeof StoredSettings>

/** Known fields that are as they should be; the default for each that is not. Never throws. */
export const parseSettings = (stored: unknown): Settings =>
  v.parse(StoredSettings, typeof stored === 'object' && stored !== null ? stored : {})

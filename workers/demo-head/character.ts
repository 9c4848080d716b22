/** Who a synthetic head is: plain data. */

/** sRGB, 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/**
 * How a face differs from the average one. Lengths are in cm, moved in the direction the name says; `…Scale` are
 * shares of the average length (0.1 is ten percent more). All zero is the canonical head.
 */
export interface Proportions {
  readonly lengthScale: number
  readonly jawScale: number
  readonly cheekbones: number
  readonly chinDown: number
  readonly chinForward: number
  readonly noseScale: number
  readonly noseDown: number
  readonly noseForward: number
  readonly bridgeForward: number
  readonly mouthScale: number
  readonly lipFullness: number
  readonly eyeScale: number
  readonly eyeOpen: number
  readonly eyesApart: number
  readonly eyeTilt: number
  readonly browsUp: number
}

export interface Skin {
  readonly tone: Rgb
  /** Where blood shows: cheeks, nose, ears. */
  readonly flush: Rgb
  readonly shine: number // 0..1
  readonly freckles: number // 0..1
  readonly age: number // 0 smooth .. 1 lined
  /** Beard: 0 none, 0.3 shaved, 0.6 stubble, 1 full. */
  readonly beard: number
}

export interface Hair {
  readonly style: 'short' | 'long' | 'topknot' | 'swept'
  readonly colour: Rgb
  readonly shine: number // 0..1
}

export interface HeadCharacter {
  readonly id: string
  readonly name: string
  /** Decides freckles, strands and every other accident. */
  readonly seed: number
  readonly proportions: Proportions
  readonly skin: Skin
  readonly lips: Rgb
  readonly iris: Rgb
  readonly brows: { readonly colour: Rgb; readonly thickness: number; readonly arch: number }
  readonly lashes: number // length in cm
  readonly hair: Hair
  readonly clothes: Rgb
}

const AVERAGE: Proportions = {
  lengthScale: 0,
  jawScale: 0,
  cheekbones: 0,
  chinDown: 0,
  chinForward: 0,
  noseScale: 0,
  noseDown: 0,
  noseForward: 0,
  bridgeForward: 0,
  mouthScale: 0,
  lipFullness: 0,
  eyeScale: 0,
  eyeOpen: 0,
  eyesApart: 0,
  eyeTilt: 0,
  browsUp: 0,
}

/** Plays the person in front of the camera. */
export const THEO: HeadCharacter = {
  id: 'theo',
  name: 'Theo',
  seed: 7,
  proportions: {
    ...AVERAGE,
    jawScale: -0.02,
    mouthScale: 0.06,
    lipFullness: 0.03,
    eyeScale: 0.08,
    eyeOpen: 0.12,
    bridgeForward: 0.15,
  },
  skin: {
    tone: [214, 167, 138],
    flush: [205, 118, 98],
    shine: 0.5,
    freckles: 0,
    age: 0.3,
    beard: 0.5,
  },
  lips: [182, 108, 98],
  iris: [104, 92, 52],
  brows: { colour: [58, 42, 32], thickness: 1, arch: 0 },
  lashes: 0.35,
  hair: { style: 'short', colour: [62, 43, 32], shine: 0.5 },
  clothes: [58, 74, 92],
}

export const VERA: HeadCharacter = {
  id: 'vera',
  name: 'Vera',
  seed: 21,
  proportions: {
    ...AVERAGE,
    lengthScale: 0.035,
    jawScale: -0.16,
    chinDown: -0.85,
    chinForward: -0.15,
    noseScale: -0.24,
    noseDown: -0.42,
    noseForward: -0.25,
    bridgeForward: -0.15,
    mouthScale: 0.02,
    lipFullness: 0.24,
    eyeScale: 0.22,
    eyeOpen: 0.26,
    eyesApart: 0.1,
    eyeTilt: 0.07,
    browsUp: 0.32,
  },
  skin: {
    tone: [238, 200, 178],
    flush: [232, 142, 122],
    shine: 0.4,
    freckles: 0.8,
    age: 0,
    beard: 0,
  },
  lips: [198, 96, 92],
  iris: [82, 122, 84],
  brows: { colour: [116, 66, 40], thickness: 0.75, arch: 0.15 },
  lashes: 0.55,
  hair: { style: 'long', colour: [124, 58, 32], shine: 0.7 },
  clothes: [44, 66, 60],
}

export const AMARA: HeadCharacter = {
  id: 'amara',
  name: 'Amara',
  seed: 33,
  proportions: {
    ...AVERAGE,
    lengthScale: -0.035,
    jawScale: -0.13,
    cheekbones: 0.4,
    chinDown: -0.7,
    noseScale: 0.34,
    noseDown: -0.1,
    noseForward: -0.42,
    bridgeForward: -0.55,
    mouthScale: 0.16,
    lipFullness: 0.46,
    eyeScale: 0.16,
    eyeOpen: 0.2,
    eyesApart: 0.16,
    eyeTilt: 0.1,
    browsUp: 0.15,
  },
  skin: {
    tone: [122, 76, 52],
    flush: [134, 62, 44],
    shine: 0.9,
    freckles: 0,
    age: 0,
    beard: 0,
  },
  lips: [138, 58, 62],
  iris: [52, 32, 20],
  brows: { colour: [24, 17, 15], thickness: 0.85, arch: 0.2 },
  lashes: 0.55,
  hair: { style: 'topknot', colour: [30, 23, 21], shine: 0.6 },
  clothes: [188, 132, 60],
}

export const ANTON: HeadCharacter = {
  id: 'anton',
  name: 'Anton',
  seed: 45,
  proportions: {
    ...AVERAGE,
    lengthScale: 0.07,
    jawScale: 0.07,
    chinDown: 0.2,
    chinForward: 0.35,
    noseScale: 0.2,
    noseDown: 0.55,
    noseForward: 0.65,
    bridgeForward: 0.6,
    mouthScale: 0.1,
    lipFullness: -0.18,
    eyeScale: -0.06,
    eyeOpen: 0.02,
    eyesApart: -0.18,
    eyeTilt: -0.11,
    browsUp: -0.45,
  },
  skin: {
    tone: [222, 172, 148],
    flush: [206, 108, 90],
    shine: 0.5,
    freckles: 0.1,
    age: 1,
    beard: 1,
  },
  lips: [178, 106, 98],
  iris: [88, 116, 142],
  brows: { colour: [112, 106, 102], thickness: 1.25, arch: -0.05 },
  lashes: 0.28,
  hair: { style: 'swept', colour: [158, 154, 150], shine: 0.5 },
  clothes: [70, 62, 60],
}

/** Offered as source pictures where a person has none of their own yet. */
export const SOURCE_CHARACTERS: readonly HeadCharacter[] = [VERA, AMARA, ANTON]

/** How loud each channel is on the left and on the right, by the number of channels, in the order of WebCodecs. */
const HALF = Math.SQRT1_2
const STEREO: Readonly<Record<number, readonly (readonly [left: number, right: number])[]>> = {
  3: [
    [1, 0],
    [0, 1],
    [HALF, HALF],
  ], // left, right, centre
  4: [
    [1, 0],
    [0, 1],
    [HALF, 0],
    [0, HALF],
  ], // left, right, and behind
  5: [
    [1, 0],
    [0, 1],
    [HALF, HALF],
    [HALF, 0],
    [0, HALF],
  ],
  // The low-frequency effects are left out, as ITU-R BS.775 has it.
  6: [
    [1, 0],
    [0, 1],
    [HALF, HALF],
    [0, 0],
    [HALF, 0],
    [0, HALF],
  ],
  7: [
    [1, 0],
    [0, 1],
    [HALF, HALF],
    [0, 0],
    [HALF / 2, HALF / 2],
    [HALF, 0],
    [0, HALF],
  ],
  8: [
    [1, 0],
    [0, 1],
    [HALF, HALF],
    [0, 0],
    [HALF, 0],
    [0, HALF],
    [HALF, 0],
    [0, HALF],
  ],
}

/** Brings more than two channels to two, never louder than full; other numbers of channels stay as they are. */
export function downmix(
  planes: readonly Float32Array<ArrayBuffer>[],
  channels: number,
): readonly Float32Array<ArrayBuffer>[] {
  if (planes.length === channels) return planes
  const weights = STEREO[planes.length]
  if (!weights || channels !== 2) return planes.slice(0, channels)
  const loudest = weights.reduce((sum, [left]) => sum + left, 0)
  return [0, 1].map((side) => {
    const mix = new Float32Array(planes[0]?.length ?? 0)
    for (const [channel, plane] of planes.entries()) {
      const weight = (weights[channel]?.[side] ?? 0) / loudest
      if (weight > 0) for (let i = 0; i < mix.length; i++) mix[i] = (mix[i] ?? 0) + weight * (plane[i] ?? 0)
    }
    return mix
  })
}

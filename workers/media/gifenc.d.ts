/** What we use of gifenc, which comes without types. */
declare module 'gifenc' {
  type Rgb = [red: number, green: number, blue: number]

  /** The colours that stand for all others best. Reads the whole buffer behind `rgba`, whatever its offset. */
  export function quantize(
    rgba: Uint8Array | Uint8ClampedArray,
    maxColours: number,
    options?: { readonly format?: 'rgb565' | 'rgb444' },
  ): Rgb[]

  export function GIFEncoder(options: { readonly auto: false; readonly initialCapacity?: number }): {
    /** Without a palette: one that uses the file's. `delay` in ms. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: {
        readonly transparent: boolean
        readonly transparentIndex: number
        readonly delay: number
        readonly dispose: number
      },
    ): void
    /** A copy of what was written since the last reset. */
    bytes(): Uint8Array<ArrayBuffer>
    reset(): void
  }
}

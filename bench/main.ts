/** npm run bench -- live|quality|tracker [options]: prints one JSON object as its last line. */
import { parseArgs } from 'node:util'

const benches: Record<string, () => Promise<(options: BenchOptions) => Promise<object>>> = {
  live: async () => (await import('./live')).benchLive,
  quality: async () => (await import('./quality/quality')).benchQuality,
  tracker: async () => (await import('./tracker')).benchTracker,
}

export interface BenchOptions {
  readonly seconds: number
  /** A video (for a fake camera) and a picture; undefined: what the project makes itself or finds beside it. */
  readonly camera: string | undefined
  readonly source: string | undefined
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    camera: { type: 'string' },
    source: { type: 'string' },
  },
})
const name = positionals[0] ?? ''
const bench = benches[name]
const seconds = Number(values.seconds)
if (!bench || !(seconds > 0)) {
  console.error(
    `npm run bench -- ${Object.keys(benches).join('|')} [--seconds N] [--camera FILE] [--source FILE]`,
  )
  process.exit(2)
}
const result = await (await bench())({ seconds, camera: values.camera, source: values.source })
console.log(JSON.stringify(result))
process.exit(0) // a browser or server that lingers must not keep the bench from ending

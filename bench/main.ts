/** npm run bench -- clip|live|quality|relay|tracker [options]: prints one JSON object as its last line. */
import { parseArgs } from 'node:util'
import type { BenchOptions } from './options'

const benches: Record<string, () => Promise<(options: BenchOptions) => Promise<object>>> = {
  clip: async () => (await import('./clip')).benchClip,
  live: async () => (await import('./live')).benchLive,
  quality: async () => (await import('./quality/quality')).benchQuality,
  relay: async () => (await import('./relay')).benchRelay,
  tracker: async () => (await import('./tracker')).benchTracker,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    camera: { type: 'string' },
    source: { type: 'string' },
    input: { type: 'string' },
    minutes: { type: 'string', default: '0' },
  },
})
const name = positionals[0] ?? ''
const bench = benches[name]
const seconds = Number(values.seconds)
if (!bench || !(seconds > 0)) {
  console.error(
    `npm run bench -- ${Object.keys(benches).join('|')} [--seconds N] [--camera FILE] [--source FILE] [--input FILE] [--minutes N]`,
  )
  process.exit(2)
}
const { camera, source, input } = values
const minutes = Number(values.minutes)
const result = await (await bench())({ seconds, camera, source, input, minutes })
console.log(JSON.stringify(result))
process.exit(0) // a browser or server that lingers must not keep the bench from ending

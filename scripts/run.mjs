// Runs a TypeScript file of ours in Node: node scripts/run.mjs bench/main.ts live --seconds 10
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const [file, ...rest] = process.argv.slice(2)
if (!file) throw new Error('Which file? node scripts/run.mjs FILE [arguments]')
process.argv = [process.argv[0], resolve(file), ...rest]
// Node 20 does not know `using`.
await runnerImport(resolve(file), { oxc: { target: 'node20' } })

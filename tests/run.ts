/** All tests: npm test [-- vitest's own arguments]. The last line says how many passed and failed. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { aptInstall, ensureChromium } from './browser/chromium'
import { noRedis } from './jobs/redis-server'

const root = resolve(import.meta.dirname, '..')
const report = resolve(root, '.cache/tests.json')

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { status: string; assertionResults: readonly unknown[] }[]
}

/** Runs Vitest and returns its exit status. */
function runTests(): number | null {
  const vitest = resolve(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const options = ['run', '--configLoader=runner', ...reporters, ...process.argv.slice(2)]
  return spawnSync(process.execPath, [vitest, ...options], { cwd: root, stdio: 'inherit' }).status
}

function count(status: number | null): { passed: number; failed: number; skipped: number } {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const found = JSON.parse(readFileSync(report, 'utf8')) as Report
  // A file that does not even load has no tests to count.
  const broken = found.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.length)
  const failed = found.numFailedTests + broken.length
  return {
    passed: found.numPassedTests,
    // Vitest also fails on errors outside of any test.
    failed: status === 0 ? failed : Math.max(failed, 1),
    skipped: found.numPendingTests + found.numTodoTests,
  }
}

try {
  ensureChromium()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
// Clips to test with are made by ffmpeg; without it a browser makes the few that it can, and other cases are left out.
const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0
if (!hasFfmpeg) aptInstall('ffmpeg')
// Without a Redis to start, its cases are skipped and say so.
if (noRedis) aptInstall('redis-server')

mkdirSync(resolve(root, '.cache'), { recursive: true })
rmSync(report, { force: true })
const { passed, failed, skipped } = count(runTests())
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed || !passed ? 1 : 0

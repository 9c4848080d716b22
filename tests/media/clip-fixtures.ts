/**
 * Clips of every kind a person may drop, made once: the synthetic talking head, each frame with its number in the
 * picture (frame-number.ts). With the system's ffmpeg where it is installed; without it a browser makes the few that it
 * can (browser-clips.ts). In browser tests: `inject('clips')`, and fetch `/@fs` + path.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { extname, resolve } from 'node:path'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { THEO } from '../../workers/demo-head/character'
import { headPose } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { clipsFromBrowser } from './browser-clips'
import { type ClipName, RECIPES, type Recipe } from './clip-recipes'
import { fakeCameraKey } from './fake-camera'
import { drawFrameNumber } from './frame-number'
import { y4mFrame, y4mHeader } from './y4m'

export interface ClipFixture {
  readonly path: string
  readonly bytes: number
  /**
   * When each frame that is shown begins, seconds from the container's own zero, as ffprobe (or, without it, the browser
   * that encoded it) says. Empty for what cannot be shown. Frame i of a fixture carries the number `first + i`.
   */
  readonly times: readonly number[]
  readonly first: number
}

export type ClipFixtures = Readonly<Partial<Record<ClipName, ClipFixture>>>

/** The picture of the fixtures, upright. */
export const CLIP = { width: 320, height: 240, fps: 30, frames: 75 } as const

const root = resolve(import.meta.dirname, '../..')
const folder = resolve(root, '.cache/clip-fixtures')

/** All that can be made here. Two processes may ask at once. */
export async function clipFixtures(): Promise<ClipFixtures> {
  mkdirSync(folder, { recursive: true })
  forgetOld()
  const head = numberedHead()
  const hasFfmpeg = runs('ffmpeg', ['-version']) && runs('ffprobe', ['-version'])
  const made: Partial<Record<ClipName, ClipFixture>> = hasFfmpeg ? {} : await browserFixtures(head)
  for (const name of Object.keys(RECIPES) as ClipName[]) {
    const recipe = RECIPES[name]
    if (!hasFfmpeg && (recipe.make === undefined || (recipe.shown ?? 'file') === 'file')) continue
    const fixture = make(name, recipe, head, made)
    if (fixture) made[name] = fixture
  }
  return made
}

/** What a browser makes where there is no ffmpeg; all of it at once, for starting one takes longest. */
async function browserFixtures(head: string): Promise<Partial<Record<ClipName, ClipFixture>>> {
  const makers = ['browser-clips.ts', 'pages/clips.ts'].map((name) => resolve(import.meta.dirname, name))
  const hash = createHash('sha256').update(head)
  for (const maker of makers) hash.update(readFileSync(maker))
  const key = hash.digest('hex').slice(0, 10)
  const list = resolve(folder, `browser-${key}.json`)
  if (!existsSync(list)) {
    const fixtures: [string, ClipFixture][] = []
    for (const [name, { base64, times }] of Object.entries(await clipsFromBrowser(head))) {
      const path = resolve(folder, `browser-${name}-${key}${RECIPES[name as ClipName].extension}`)
      const bytes = Buffer.from(base64, 'base64')
      writeFileSync(`${path}.${process.pid}`, bytes)
      renameSync(`${path}.${process.pid}`, path)
      fixtures.push([name, { path, bytes: bytes.length, times, first: 0 }])
    }
    writeFileSync(`${list}.${process.pid}`, JSON.stringify(Object.fromEntries(fixtures)))
    renameSync(`${list}.${process.pid}`, list)
  }
  const fixtures = JSON.parse(readFileSync(list, 'utf8')) as Record<ClipName, ClipFixture>
  const now = new Date()
  for (const path of [list, ...Object.values(fixtures).map((fixture) => fixture.path)])
    utimesSync(path, now, now)
  return fixtures
}

/** Named after everything it depends on, so what is there is right. undefined where this ffmpeg lacks an encoder. */
function make(name: ClipName, recipe: Recipe, head: string, made: ClipFixtures): ClipFixture | undefined {
  const from = recipe.from === undefined ? undefined : made[recipe.from]
  if (recipe.from !== undefined && from === undefined) return undefined
  const base = from?.path ?? head
  const key = createHash('sha256').update(base).update(recipe.key).digest('hex').slice(0, 10)
  const path = resolve(folder, `${name}-${key}${recipe.extension}`)
  const truth = `${path}.json`
  if (!existsSync(truth) || !existsSync(path)) {
    const part = resolve(folder, `part-${process.pid}-${name}${recipe.extension}`)
    try {
      if (recipe.make === undefined) ffmpeg(recipe.ffmpeg(base), recipe.passes ?? 1, part)
      else writeFileSync(part, recipe.make(readFileSync(base)))
      const times = truthOf(recipe, from, part)
      writeFileSync(`${part}.json`, JSON.stringify({ times, first: recipe.first ?? 0 }))
      renameSync(part, path)
      renameSync(`${part}.json`, truth)
    } catch (error) {
      console.warn(`No clip fixture "${name}": ${error instanceof Error ? error.message : error}`)
      return undefined
    } finally {
      rmSync(part, { force: true })
    }
  }
  const now = new Date()
  utimesSync(path, now, now)
  utimesSync(truth, now, now)
  const { times, first } = JSON.parse(readFileSync(truth, 'utf8')) as Pick<ClipFixture, 'times' | 'first'>
  return { path, bytes: statSync(path).size, times, first }
}

function truthOf({ shown = 'file' }: Recipe, from: ClipFixture | undefined, made: string): readonly number[] {
  if (shown === 'nothing') return []
  if (shown === 'numbered') return Array.from({ length: CLIP.frames }, (_, i) => i / CLIP.fps)
  return shown === 'source' ? (from?.times ?? []) : frameTimes(made)
}

function ffmpeg(options: readonly string[], passes: number, to: string): void {
  for (let pass = 1; pass <= passes; pass++) {
    const passing = passes > 1 ? ['-pass', `${pass}`, '-passlogfile', to] : []
    const args = ['-v', 'error', '-nostdin', '-y', ...options, ...passing, to]
    const { status, stderr, error } = spawnSync('ffmpeg', args)
    if (status !== 0) throw new Error(error?.message ?? stderr.toString().trim())
  }
  rmSync(`${to}-0.log`, { force: true })
}

const runs = (program: string, options: readonly string[]): boolean =>
  spawnSync(program, options, { stdio: 'ignore' }).status === 0

/** As ffprobe decodes it, so hidden frames do not count: whole ticks times the time base, seconds. */
function frameTimes(path: string): number[] {
  const options = ['-v', 'error', '-select_streams', 'v:0', '-of', 'json', '-show_entries']
  const { stdout, status } = spawnSync('ffprobe', [
    ...options,
    'stream=time_base:frame=best_effort_timestamp',
    path,
  ])
  if (status !== 0) throw new Error(`ffprobe cannot read ${path}`)
  const { frames, streams } = JSON.parse(stdout.toString()) as {
    frames: readonly { best_effort_timestamp: number }[]
    streams: readonly { time_base: string }[]
  }
  const [numerator = 0, denominator = 1] = streams[0]?.time_base.split('/').map(Number) ?? []
  return frames.map(({ best_effort_timestamp: ticks }) => (ticks * numerator) / denominator)
}

/** The talking head as Y4M, 30 frames per second. */
function numberedHead(): string {
  const { width, height, fps, frames } = CLIP
  const path = resolve(folder, `head-${fakeCameraKey()}-${width}x${height}x${frames}.y4m`)
  if (!existsSync(path)) {
    const canonical = parseCanonicalFace(readFileSync(resolve(root, 'public', CANONICAL_FACE.path)))
    const head = createHeadRenderer(canonical, THEO, livePicture(width, height))
    const part = `${path}.${process.pid}`
    const file = openSync(part, 'w')
    writeSync(file, y4mHeader(width, height, fps))
    for (let i = 0; i < frames; i++) {
      const { pixels } = head.render(headPose((i * 1000) / fps))
      drawFrameNumber(pixels, i)
      writeSync(file, y4mFrame(pixels))
    }
    closeSync(file)
    renameSync(part, path)
  }
  const now = new Date()
  utimesSync(path, now, now)
  return path
}

const WEEK_MS = 7 * 24 * 3600 * 1000

/** What no run has used for a week. */
function forgetOld(): void {
  for (const name of readdirSync(folder)) {
    const path = resolve(folder, name)
    if (!existsSync(path) || Date.now() - statSync(path).mtimeMs < WEEK_MS) continue
    if (extname(name)) rmSync(path, { force: true })
  }
}

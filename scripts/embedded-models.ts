/** Makes public/models/ from the weights inside an npm package, whenever they or the converter changed. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { makeEmbedded } from '../models/convert/embedded'
import { unpackAsset } from '../models/convert/packed-assets'
import { FACE_MESH, type ModelEntry, REGISTRY } from '../models/registry'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(ROOT, '.cache/embedded-models.sha256')
const PACKED = 'face_mesh_solution_packed_assets'

/** Runs before anything is served, built or tested. */
export function embeddedModels(): Plugin {
  return {
    name: 'embedded-models',
    config: async () => {
      await makeEmbeddedModels()
    },
  }
}

let making: Promise<void> | undefined

/**
 * Leaves everything as it is when nothing changed. Two processes may do this at once: each writes whole files and
 * moves them into place. Rejects when a made file is not the one the registry knows.
 */
export function makeEmbeddedModels(): Promise<void> {
  making ??= make()
  return making
}

async function make(): Promise<void> {
  const source = dirname(createRequire(import.meta.url).resolve(`${FACE_MESH.source.package}/package.json`))
  const [loader, data] = await Promise.all([
    readFile(join(source, `${PACKED}_loader.js`), 'utf8'),
    readFile(join(source, `${PACKED}.data`)),
  ])
  const stamp = sha256([loader, data, ...(await readConverter())])
  if ((await readOr(STAMP, '')).toString() === stamp && (await allInPlace())) return

  const packed = new Uint8Array(data)
  for (const { entry, bytes } of makeEmbedded((file) => unpackAsset(loader, packed, file))) {
    if (!matches(entry, bytes)) {
      const made = `${bytes.length} bytes, SHA-256 ${sha256([bytes])}`
      throw new Error(`${entry.path} does not match models/registry.ts. What was made has ${made}.`)
    }
    await writeWhole(join(ROOT, 'public', entry.path), bytes)
  }
  await writeWhole(STAMP, stamp)
}

/** The sources that decide what is made: everything in models/convert but its tests, and what it imports. */
async function readConverter(): Promise<Buffer[]> {
  const folder = join(ROOT, 'models/convert')
  const names = (await readdir(folder))
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
    .sort()
  const paths = [...names.map((name) => join(folder, name)), join(ROOT, 'models/registry.ts')]
  return Promise.all([...paths, join(ROOT, 'models/canonical-face.ts')].map((path) => readFile(path)))
}

async function allInPlace(): Promise<boolean> {
  const found = await Promise.all(
    REGISTRY.map(async (entry) => matches(entry, await readOr(join(ROOT, 'public', entry.path)))),
  )
  return found.every(Boolean)
}

const matches = (entry: ModelEntry, bytes: Uint8Array): boolean =>
  bytes.length === entry.bytes && sha256([bytes]) === entry.sha256

const readOr = (path: string, otherwise = ''): Promise<Buffer> =>
  readFile(path).catch(() => Buffer.from(otherwise))

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, content)
  await rename(draft, path)
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

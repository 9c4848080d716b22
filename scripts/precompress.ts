import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import type { Plugin } from 'vite'

const compressed = new Set([
  '.js',
  '.mjs',
  '.css',
  '.html',
  '.svg',
  '.json',
  '.webmanifest',
  '.wasm',
  '.onnx',
  '.bin',
])
const smallest = 1024 // bytes; below, the headers weigh more than what is saved

// Brotli's best takes half a minute for 14 MB of WebAssembly, and saves 5 % over this, which takes a second.
const bigFrom = 1024 * 1024
const bigQuality = 7

// Big files rarely change between builds: what was made of them is kept, by the hash of what they were.
const kept = fileURLToPath(new URL('../.cache/compressed', import.meta.url))

/** Writes .br and .gz beside each file of the build that shrinks: 14 MB of WebAssembly become 2.7 MB. */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post', // after the service worker is written
      sequential: true,
      async handler() {
        const names = await readdir(folder, { recursive: true })
        await Promise.all(
          names
            .filter((name) => compressed.has(extname(name)))
            .map((name) => compress(resolve(folder, name))),
        )
      },
    },
  }
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  if (bytes.length < smallest) return
  for (const [suffix, make] of Object.entries(variants)) {
    const smaller = bytes.length < bigFrom ? await make(bytes) : await once(bytes, suffix, make)
    if (smaller.length < 0.95 * bytes.length) await writeFile(path + suffix, smaller)
  }
}

const variants = {
  '.br': (bytes: Buffer): Promise<Buffer> => {
    const quality = bytes.length < bigFrom ? zlib.BROTLI_MAX_QUALITY : bigQuality
    const params = { [zlib.BROTLI_PARAM_QUALITY]: quality, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    return promisify(brotliCompress)(bytes, { params })
  },
  '.gz': (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes, { level: 9 }),
}

async function once(
  bytes: Buffer,
  suffix: string,
  make: (bytes: Buffer) => Promise<Buffer>,
): Promise<Buffer> {
  const path = join(kept, createHash('sha256').update(bytes).digest('hex') + suffix)
  try {
    return await readFile(path)
  } catch {
    const made = await make(bytes)
    await mkdir(kept, { recursive: true })
    // Moved into place whole: a build that is stopped leaves no half file to be found by the next one.
    const unfinished = `${path}.${process.pid}`
    await writeFile(unfinished, made)
    await rename(unfinished, path)
    return made
  }
}

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
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

// Brotli's best takes half a minute for 14 MB of WebAssembly, and saves 3 % over this.
const bigFrom = 1024 * 1024
const bigQuality = 9

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
  const params = {
    [zlib.BROTLI_PARAM_QUALITY]: bytes.length < bigFrom ? zlib.BROTLI_MAX_QUALITY : bigQuality,
    [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const variants = [
    ['.br', await promisify(brotliCompress)(bytes, { params })],
    ['.gz', await promisify(gzip)(bytes, { level: 9 })],
  ] as const
  for (const [suffix, smaller] of variants) {
    if (smaller.length < 0.95 * bytes.length) await writeFile(path + suffix, smaller)
  }
}

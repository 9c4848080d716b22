/** Where the browser for tests and benches is, and how it is started. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge']

const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

/** The path of CHROME_PATH, Chrome, Chromium or Edge; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH
    throw new Error(`CHROME_PATH is ${CHROME_PATH}, but there is no such file.`)
  }
  return [...usualPlaces(), chromium.executablePath()].find((path) => existsSync(path))
}

function usualPlaces(): string[] {
  if (process.platform === 'darwin') return MAC
  if (process.platform === 'win32') {
    const { PROGRAMFILES, LOCALAPPDATA, 'PROGRAMFILES(X86)': programs32 } = process.env
    const roots = [PROGRAMFILES, programs32, LOCALAPPDATA].filter((root) => root !== undefined)
    return WINDOWS.flatMap((path) => roots.map((root) => join(root, path)))
  }
  const folders = (process.env.PATH ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** As findChromium; as root on Debian it installs Chromium first, elsewhere it says how to get a browser. */
export function ensureChromium(): string {
  const found = findChromium()
  if (found) return found
  if (aptInstall('chromium')) {
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(
    'The tests need a browser: install Google Chrome, Chromium or Microsoft Edge ' +
      '(on Debian: sudo apt-get install chromium), or put the path of one into CHROME_PATH.',
  )
}

/** Installs a Debian package; false where that cannot be done (no apt, not root) or did not work. */
export function aptInstall(name: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const apt = (...options: string[]) =>
    spawnSync('apt-get', ['--quiet', '--yes', ...options], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  console.log(`Installing ${name} with apt-get.`)
  return apt('update') && apt('install', name)
}

/**
 * Flags with which a machine without GPU and without camera has both: WebGPU and WebGL in software, and a camera that
 * plays a file (Y4M or MJPEG, in a loop) or, without one, the browser's own moving test picture.
 */
export function chromiumFlags(camera?: string): string[] {
  return [
    '--no-sandbox',
    '--no-first-run',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    '--use-vulkan=swiftshader',
    '--use-angle=swiftshader',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
  ]
}

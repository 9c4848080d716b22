/** Draws the app's icons from public/favicon.svg; run after the drawing changed: node scripts/run.mjs scripts/icons.ts */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from 'playwright'
import { ensureChromium } from '../tests/browser/chromium'

const folder = resolve(import.meta.dirname, '../public')
const drawing = readFileSync(resolve(folder, 'favicon.svg'), 'utf8')

// Where the system cuts its own shape, the ground fills the square; a maskable icon keeps to the inner 80 %.
const square = drawing.replace('rx="112"', '')
const safe = square.replace(/scale\([\d.]+\)/, 'scale(0.9)')

const icons = [
  { file: 'icons/icon-192.png', size: 192, svg: drawing },
  { file: 'icons/icon-512.png', size: 512, svg: drawing },
  { file: 'icons/maskable-512.png', size: 512, svg: safe },
  { file: 'icons/apple-touch-icon.png', size: 180, svg: square },
]

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] })
try {
  for (const { file, size, svg } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`)
    writeFileSync(resolve(folder, file), await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}

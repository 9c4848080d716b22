/** The pages Generate and Jobs as a person uses them, with the server as a person starts it and a box that stands in for one. */
import type { Page } from 'playwright'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { type Served, serveBuilt } from '../browser/serve'
import { type StandIn, startStandIn } from '../comfy/stand-in'
import { drop, fileAt } from './clip-page'
import { renderedPortrait } from './rendered-portrait'

export const SENTENCE = 'make my character dance like in the video'

const workflows = import.meta.glob('../../edge-server/workflows/*.json', { eager: true, import: 'default' })

/** A box that has all that the shipped workflows need. */
export const startBox = (): Promise<StandIn> => startStandIn({ graphs: Object.values(workflows) })

/** The built server, with boxes by their names and addresses. */
export const serveWith = (boxes: readonly string[]): Promise<Served> =>
  serveBuilt({ env: { COMFYUI_URLS: boxes.join(',') } })

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const

/** A page of the app in a browser of its own, with consent given. */
export async function openApp(
  origin: string,
  path: string,
  context: NonNullable<Parameters<typeof launchApp>[0]>['context'] = {},
): Promise<LaunchedApp> {
  const app = await launchApp({ origin, path, context: { acceptDownloads: true, ...context } })
  app.page.setDefaultTimeout(60_000) // other work on this machine must not fail a test
  await app.page.getByRole('checkbox', { name: /permission/ }).check()
  await app.page.getByRole('button', { name: 'Continue' }).click()
  return app
}

/** Drops a picture and a video on the page and says what should happen. */
export async function ask(page: Page, clip: string, sentence = SENTENCE): Promise<void> {
  const portrait = { name: 'hero.png', type: 'image/png', bytes: await renderedPortrait(page) }
  await drop(page, [portrait, fileAt(clip)], '.generate')
  await page.getByText('hero.png').waitFor()
  await page.getByLabel('What should happen?').fill(sentence)
}

export const stateOf = (page: Page) => page.locator('.strip-state b').textContent()

/** What a video of the page shows, once it plays. */
export const playing = (page: Page, selector: string) =>
  page.locator(selector).evaluate(async (video: HTMLVideoElement) => {
    const began = video.currentTime
    await video.play()
    await new Promise<void>((resolve) => {
      const look = () => (video.currentTime !== began ? resolve() : video.requestVideoFrameCallback(look))
      video.requestVideoFrameCallback(look)
    })
    const { videoWidth: width, videoHeight: height, duration } = video
    return { width, height, duration }
  })

import { openSourcePage, type SourcePage } from '../tests/browser/source-page'

/** Opens a page of bench/pages in Chromium, served from the sources; files outside the project by /@fs/PATH. */
export const openBenchPage = (name: string, allow: readonly string[]): Promise<SourcePage> =>
  openSourcePage(`bench/pages/${name}.html`, allow)

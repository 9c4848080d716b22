import type { TestProject } from 'vitest/node'
import { type ClipFixtures, clipFixtures } from './clip-fixtures'

declare module 'vitest' {
  interface ProvidedContext {
    /** What this machine can make of tests/media/clip-recipes.ts. */
    clips: ClipFixtures
  }
}

/** Makes the clip fixtures before the first test. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('clips', await clipFixtures())
}

import { expect, test } from 'vitest'
import type { ClipJob, JobProgress, JobState } from '../../workers/clip/clip-job'
import { stateInWords } from './job-words'

const progress: JobProgress = {
  phase: 'swapping',
  done: 0.437,
  frames: 43,
  totalFrames: 100,
  fps: 24.4,
  leftS: 12,
}
const job = (state: JobState, progress?: JobProgress) => ({ state, progress }) as ClipJob

test.each([
  [job({ name: 'waiting' }), 'Waiting'],
  [job({ name: 'waiting' }, progress), 'Waiting, 43 % done'],
  [job({ name: 'running' }), 'Starting'],
  [job({ name: 'running' }, progress), '43 % · 24 fps · about 15 s left'],
  [job({ name: 'running' }, { ...progress, fps: 0, leftS: undefined }), '43 %'],
  [job({ name: 'running' }, { ...progress, phase: 'reading' }), 'Converting · 43 %'],
  [
    job({ name: 'running' }, { ...progress, phase: 'finishing', done: 0.999 }),
    'Putting the file together · 99 %',
  ],
  [job({ name: 'paused', reason: undefined, detail: '' }, progress), 'Paused at 43 %'],
  [job({ name: 'done', libraryId: 'a' }, progress), 'Finished'],
])('%#: %s', (given, words) => expect(stateInWords(given)).toBe(words))

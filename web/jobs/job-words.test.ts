import { expect, test } from 'vitest'
import { isActive, nameOf, progressInWords, stateInWords } from './job-words'

const job = { state: 'running', box: 'studio', cancelRequested: false } as const

test('each state says where the job is', () => {
  expect(stateInWords(job)).toBe('Running on studio')
  expect(stateInWords({ ...job, state: 'uploading' })).toBe('Files on the way to studio')
  expect(stateInWords({ state: 'queued', cancelRequested: false })).toBe('In the queue')
  expect(stateInWords({ state: 'queued', cancelRequested: false, waiting: { reason: 'No box.' } })).toBe(
    'Waiting',
  )
})

test('a job that somebody wants to end says so until it has ended', () => {
  expect(stateInWords({ ...job, cancelRequested: true })).toBe('Being cancelled on studio')
  expect(stateInWords({ state: 'cancelled', cancelRequested: true })).toBe('Cancelled')
})

test('progress is given as far as it is known, never rounded up to the end', () => {
  expect(progressInWords({})).toBe('')
  const progress = { fraction: 0.996, doing: 'Sampling, step 3 of 6' }
  expect(progressInWords({ progress })).toBe('Sampling, step 3 of 6 · 99 %')
  expect(progressInWords({ progress, etaMs: 20_000 })).toBe('Sampling, step 3 of 6 · 99 % · about 20 s left')
})

test('a job is called by its sentence, or by what it does', () => {
  expect(nameOf({ sentence: ' dance ', title: 'Animate' })).toBe('dance')
  expect(nameOf({ sentence: '  ', title: 'Animate' })).toBe('Animate')
  expect(isActive({ state: 'fetching' })).toBe(true)
  expect(isActive({ state: 'failed' })).toBe(false)
})

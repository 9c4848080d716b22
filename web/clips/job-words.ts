import type { ClipJob } from '../../workers/clip/clip-job'
import { roughly } from './times'

/** How a job is doing, in one line. */
export function stateInWords({ state, progress }: ClipJob): string {
  switch (state.name) {
    case 'waiting':
      return progress && progress.done > 0 ? `Waiting, ${percent(progress.done)} done` : 'Waiting'
    case 'running':
      return progress ? progressInWords(progress) : 'Starting'
    case 'paused':
      return progress && progress.done > 0 ? `Paused at ${percent(progress.done)}` : 'Paused'
    case 'done':
      return 'Finished'
    case 'failed':
      return 'Failed'
  }
}

function progressInWords({ phase, done, fps, leftS }: NonNullable<ClipJob['progress']>): string {
  if (phase === 'reading') return `Converting · ${percent(done)}`
  if (phase === 'finishing') return `Putting the file together · ${percent(done)}`
  const parts = [percent(done)]
  if (fps > 0) parts.push(`${fps.toFixed(fps < 10 ? 1 : 0)} fps`)
  if (leftS !== undefined) parts.push(`${roughly(leftS)} left`)
  return parts.join(' · ')
}

const percent = (share: number) => `${Math.floor(100 * share)} %`

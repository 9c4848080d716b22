/** From a prompt that has ended well to stored results. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Comfy, NodeOutput } from '../../comfy/comfy'
import { Refusal } from '../../errors'
import type { StoredFile } from '../../files/files'
import type { JobResult } from '../job'
import { boxErrorName } from './box-errors'
import { counted, ShortError } from './counted'
import { isFull } from './disk'
import { answersAgain, elsewhere, outcomeOf } from './following'
import { rebuilt } from './rebuilding'
import { fail, promptOf, type Run, type Step, tell } from './run'
import { backoffMs } from './troubles'
import { plain } from './words'

/** What makes no sense, or is no file that can be kept, is fetched this often before it is believed. */
const MAX_ATTEMPTS = 4
const MAX_RESULT_BYTES = 64 * 2 ** 30

/** Stores every output and ends the job; the box may forget the prompt only then. */
export async function fetchResults(run: Run): Promise<Step> {
  const prompt = promptOf(run)
  const outcome = run.outcome ?? (await outcomeOf(run))
  const comfy = run.place?.comfy
  if (!outcome || !comfy) return 'over'
  run.built ??= await rebuilt(run)
  const outputs = outcome.name === 'succeeded' ? named(outcome.outputs, run.built) : []
  const results: JobResult[] = []
  for (const [at, { output, made }] of outputs.entries()) {
    const which = outputs.length > 1 ? `result ${at + 1} of ${outputs.length}` : 'the result'
    tell(run, 1, `Fetching ${which}`)
    const stored = await store(run, comfy, made)
    if (typeof stored === 'string') return stored
    results.push({ output, file: stored.id, type: stored.type, bytes: stored.bytes })
  }
  if (results.length === 0) {
    const message = `The box “${prompt.box}” finished, and left no file. Its workflow may save nothing for this input.`
    return fail(run, { name: 'NoResult', message })
  }
  await run.claim.move({ kind: 'succeed', results })
  // A prompt that stays in the history costs the box some memory, the job nothing.
  await comfy.forget(prompt.promptId, run.halt).catch(() => undefined)
  return 'over'
}

interface Wanted {
  readonly output: string
  readonly made: NodeOutput
}

/** The files of declared outputs; where those are no longer known, every file that the box keeps. */
function named(made: readonly NodeOutput[], built: Run['built']): Wanted[] {
  if (!built)
    return made.flatMap((one) => (one.file.type === 'output' ? [{ output: 'result', made: one }] : []))
  return made.flatMap((one) => {
    const output = built.outputs.get(one.nodeId)
    return output === undefined ? [] : [{ output, made: one }]
  })
}

/** The stored file, once there is room for it; or the step that follows because it cannot be had. */
async function store(run: Run, comfy: Comfy, { file }: NodeOutput): Promise<StoredFile | Step> {
  const { parts, patience, signal } = run
  const prompt = promptOf(run)
  for (let failures = 1; ; ) {
    const download = counted()
    try {
      const { stream, bytes } = await comfy.download(file, signal)
      return await parts.files.add(
        {
          stream: download.of(stream, bytes),
          name: file.filename,
          accept: ['image', 'video', 'audio'],
          maxBytes: MAX_RESULT_BYTES,
        },
        signal,
      )
    } catch (error) {
      signal.throwIfAborted()
      if (isFull(error)) {
        // The result is safe on the box, so the job stays there until there is room or somebody cancels it.
        tell(run, 1, full(error))
        await sleep(patience.diskMs, undefined, { signal })
        continue
      }
      const cause = download.error ?? error
      const isNonsense = cause instanceof Refusal || cause instanceof ShortError
      const broke = isNonsense ? 'BoxAnswerError' : boxErrorName(cause, signal)
      if (broke === 'BoxUnreachableError') {
        // What is finished is worth more patience than what would run elsewhere as well.
        if (!(await answersAgain(run, comfy, prompt, Date.now() + 4 * patience.boxMs))) {
          await elsewhere(run, `The box “${prompt.box}” stopped answering before its result was fetched.`)
          return 'over'
        }
      } else if (failures >= MAX_ATTEMPTS) {
        return fail(run, cause instanceof Refusal ? unusable(cause) : incomplete(prompt.box))
      } else {
        await sleep(backoffMs(failures, patience.retryMs), undefined, { signal })
      }
      failures += 1
    }
  }
}

const full = (error: unknown) =>
  error instanceof Refusal && error.name === 'QuotaExceeded'
    ? 'This server keeps as many files as it may. Delete old jobs, and the result is fetched.'
    : 'The disk of this server is full. Free some space, and the result is fetched.'

const incomplete = (box: string) =>
  ({
    name: 'NoResult',
    message: `The result could not be fetched from the box “${box}”: it is incomplete or no longer there. Retry the job.`,
  }) as const

const unusable = ({ message }: Refusal) =>
  ({ name: 'NoResult', message: `What the box made cannot be kept: ${plain(message)}` }) as const

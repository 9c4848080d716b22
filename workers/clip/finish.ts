/** From finished segments to a file in the library. */

import { libraryFolder, putItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import type { ClipReader } from '../media/clip-reader'
import { finishVideo } from '../media/finish-video'
import { finishGif } from '../media/gif'
import { scaledSize } from '../media/picture-segment'
import { finishPngZip } from '../media/png-zip'
import { removeEntry } from '../storage/folders'
import type { OutputFormat } from './clip-job'
import { spanToRead, type Wanted } from './frame-choice'
import type { JobPlan, JobRecord } from './job-record'
import { jobFolder } from './job-store'
import type { Journal } from './journal'

const RESULT = 'result'

const TYPES: Readonly<Record<OutputFormat['kind'], Pick<LibraryItem, 'kind' | 'type'>>> = {
  mp4: { kind: 'clip', type: 'video/mp4' },
  webm: { kind: 'clip', type: 'video/webm' },
  gif: { kind: 'gif', type: 'image/gif' },
  png: { kind: 'frames', type: 'application/zip' },
}

export interface FinishParts {
  readonly job: JobRecord
  readonly plan: JobPlan
  readonly reader: ClipReader
  readonly frames: readonly Wanted[]
  readonly journal: Journal
  readonly thumbnail: Blob | undefined
  onProgress(done: number): void
}

/** Resolves with what a person should know about the result. Doing it twice makes one item. */
export async function finish(
  { job, plan, reader, frames, journal, thumbnail, onProgress }: FinishParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { settings, id } = job
  const { output } = settings
  const files = await jobFolder(id)
  const to = await files.getFileHandle(RESULT, { create: true })
  const common = { segments: await journal.files(), to, onProgress, signal }
  const joined = async () => {
    if (output.kind === 'gif') return finishGif({ ...common, width: output.width })
    if (output.kind === 'png') return finishPngZip(common)
    if (!plan.video) throw new Error('It was not decided how to encode this clip.')
    return finishVideo({
      ...common,
      schedule: frames,
      reader,
      span: spanToRead(settings),
      output: plan.video,
    })
  }
  const { warnings } = await joined()
  signal.throwIfAborted()
  const { size } = await to.getFile()
  await moveTo(await libraryFolder(), to, plan.libraryId)
  const { width, height } = sizeOf(output, reader)
  const [first, last] = [frames[0], frames.at(-1)]
  await putItem({
    id: plan.libraryId,
    name: job.name.replace(/\.[^.]{1,5}$/, ''),
    ...TYPES[output.kind],
    addedAt: Date.now(),
    bytes: size,
    durationS: first && last && output.kind !== 'png' ? last.timeS + last.durationS - first.timeS : undefined,
    width,
    height,
    thumbnail,
    state: 'whole',
  })
  return warnings
}

function sizeOf(output: OutputFormat, { info }: ClipReader): { width: number; height: number } {
  const { width, height } = info.video
  return output.kind === 'gif' ? scaledSize(width, height, output.width) : { width, height }
}

/** In one step where the browser can: a file in the library is whole. One of that name is replaced. */
async function moveTo(
  folder: FileSystemDirectoryHandle,
  file: FileSystemFileHandle & {
    readonly move?: (to: FileSystemDirectoryHandle, name: string) => Promise<void>
  },
  name: string,
): Promise<void> {
  await removeEntry(folder, name)
  if (file.move) return file.move(folder, name)
  const copy = await (await folder.getFileHandle(name, { create: true })).createWritable()
  await (await file.getFile()).stream().pipeTo(copy)
}

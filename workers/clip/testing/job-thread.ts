/** The job thread as a page has it, for tests: a real worker, real storage. */
import { proxy, type Remote, wrap } from 'comlink'
import { parseCanonicalFace } from '../../../models/canonical-face'
import { CANONICAL_FACE } from '../../../models/registry'
import { AMARA } from '../../demo-head/character'
import { AT_REST } from '../../demo-head/motion'
import { createHeadRenderer, livePicture } from '../../demo-head/render-head'
import { loadWeights } from '../../inference/weights'
import '../../rpc/signal'
import { DEFAULT_LOOK } from '../../studio/look'
import { openParts } from '../../studio/parts'
import type { Capabilities } from '../../studio/studio-api'
import type { ClipJob, ClipSettings, JobSource, OutputFormat } from '../clip-job'
import JobsWorker from '../jobs.worker?worker'
import type { JobsApi, JobsEvent } from '../jobs-api'

export interface JobThread extends Disposable {
  readonly api: Remote<JobsApi>
  readonly events: readonly JobsEvent[]
  /** What open() answered. */
  readonly atFirst: readonly ClipJob[]
  /** As the thread told it last; undefined once removed. */
  job(id: string): ClipJob | undefined
  /** Resolves with the job once it is so. */
  when(id: string, isSo: (job: ClipJob) => boolean): Promise<ClipJob>
  add(file: File, settings: ClipSettings, onCopied?: (done: number) => void): Promise<ClipJob>
  /** As a tab that crashes: nothing is said, nothing is put away. */
  kill(): void
}

const NEVER = new AbortController().signal
export const isOver = ({ state }: ClipJob): boolean => state.name !== 'waiting' && state.name !== 'running'

let measured: Promise<Capabilities> | undefined

/** Measured once for all threads of a test file. */
export function capabilities(): Promise<Capabilities> {
  measured ??= openParts(() => undefined, undefined).then((parts) => {
    using closing = parts
    return closing.capabilities
  })
  return measured
}

export async function openJobThread(remembered?: Capabilities): Promise<JobThread> {
  const worker = new JobsWorker()
  const broken = new Promise<never>((_, reject) => {
    worker.onerror = ({ message, filename }) =>
      reject(new Error(`The thread is broken: ${message} ${filename}`))
  })
  const api = wrap<JobsApi>(worker)
  const events: JobsEvent[] = []
  const jobs = new Map<string, ClipJob>()
  const waiting = new Set<() => void>()
  const hear = (event: JobsEvent) => {
    events.push(event)
    if (event.name === 'job') jobs.set(event.job.id, event.job)
    if (event.name === 'removed') jobs.delete(event.id)
    for (const look of waiting) look()
  }
  const atFirst = await Promise.race([api.open(proxy(hear), remembered ?? (await capabilities())), broken])
  for (const job of atFirst) if (!jobs.has(job.id)) jobs.set(job.id, job)
  const kill = () => worker.terminate()
  return {
    api,
    events,
    atFirst,
    job: (id) => jobs.get(id),
    when: (id, isSo) =>
      new Promise((resolve) => {
        const look = () => {
          const job = jobs.get(id)
          if (!job || !isSo(job)) return
          waiting.delete(look)
          resolve(job)
        }
        waiting.add(look)
        look()
      }),
    add: (file, settings, onCopied = () => undefined) => api.add(file, settings, proxy(onCopied), NEVER),
    kill,
    [Symbol.dispose]: kill,
  }
}

let source: Promise<JobSource> | undefined

/** The other synthetic head, with its true landmarks. */
export function amaraSource(): Promise<JobSource> {
  source ??= makeSource()
  return source
}

async function makeSource(): Promise<JobSource> {
  const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
  const { pixels, landmarks } = createHeadRenderer(canonical, AMARA, livePicture(512, 512)).render(AT_REST)
  const canvas = new OffscreenCanvas(512, 512)
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(pixels.data), 512, 512), 0, 0)
  const picture = await canvas.convertToBlob({ type: 'image/png' })
  return { id: 'amara', name: 'Amara', picture, landmarks: new Float32Array(landmarks) }
}

/** Everybody becomes Amara. */
export async function settingsFor(
  output: OutputFormat,
  changes: Partial<ClipSettings> = {},
): Promise<ClipSettings> {
  return {
    look: { ...DEFAULT_LOOK, badge: 'top-right' }, // fixtures have their number at the bottom left
    cast: { everyone: 'amara', people: {} },
    people: [],
    sources: [await amaraSource()],
    span: undefined,
    outside: 'cut',
    output,
    ...changes,
  }
}

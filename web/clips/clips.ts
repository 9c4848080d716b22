import { createEffect, createSignal, on } from 'solid-js'
import { createStore, unwrap } from 'solid-js/store'
import type { StillFormat } from '../../workers/clip/clip-api'
import type { ClipJob, OutputFormat } from '../../workers/clip/clip-job'
import type { Consent } from '../consent/consent'
import { rememberCapabilities, rememberedCapabilities } from '../platform/capabilities'
import type { SettingsStore } from '../settings/settings'
import type { Sources } from '../sources/sources'
import type { Studio } from '../studio/studio'
import { COMPACT } from '../ui/media-query'
import type { Notices } from '../ui/notices'
import { pickFiles } from '../ui/pick-files'
import { wordsFor } from '../words/errors'
import { createBin } from './bin'
import { openDemoClip } from './demo-clip'
import { type Draft, settingsOf, sourceIdsOf } from './draft'
import { createForecast } from './forecast'
import type { PanelName } from './panels'
import { createPeopleScan } from './people-scan'
import { createPlayback } from './playback'
import { createQueue } from './queue'
import { createResults } from './results'
import { createScene } from './scene'
import { createViewer } from './viewer'

/** What the page has otherwise, as far as it is needed here. */
export interface ClipsParts {
  readonly settings: SettingsStore
  readonly studio: Studio
  readonly sources: Sources
  readonly consent: Consent
  readonly notices: Notices
  /** The clip page is the one shown. */
  readonly isShown: () => boolean
  readonly complain: (error: unknown) => void
  /** Makes a character of a picture. */
  readonly addSource: (file: File) => Promise<void>
}

/** What the file picker offers; whatever else is dropped is tried all the same. */
const ACCEPTED = 'video/*,image/*,.mkv,.avi,.mov,.mts,.m2ts,.mpg,.mpeg,.wmv,.flv,.ogv,.3gp'

const FIRST_OUTPUTS: Readonly<Record<OutputFormat['kind'], OutputFormat>> = {
  mp4: { kind: 'mp4', quality: 'high' },
  webm: { kind: 'webm', quality: 'high' },
  gif: { kind: 'gif', width: 480, fps: 15 },
  png: { kind: 'png' },
}

/** Clips and stills from the moment they are dropped to their result: all stores of the clip page, introduced to one another. */
export function createClips(parts: ClipsParts) {
  const { settings, studio, sources, consent, notices, isShown, complain } = parts
  const say = (name: string, detail: string) => void notices.say('problem', wordsFor(name, detail))
  // Once the live studio has measured the machine, other threads need not.
  const capabilities = () =>
    studio.opened.then(
      () => unwrap(studio.state.capabilities),
      () => rememberedCapabilities(),
    )
  const bin = createBin()
  const viewer = createViewer({
    capabilities,
    onNotice: say,
    onReady: (measured) => void (studio.state.capabilities ?? rememberCapabilities(measured)),
  })
  const queue = createQueue({ capabilities, onNotice: say, onEnded: ended })
  const results = createResults()
  const scene = createScene(bin, viewer, sources, consent)
  const forecast = createForecast(bin, viewer, queue, () => studio.state.capabilities)
  const people = createPeopleScan(bin, viewer)
  const playback = createPlayback(bin, viewer, complain)

  const [panel, setPanel] = createSignal<PanelName>('faces')
  const [isPanelOpen, showPanel] = createSignal(false)
  const [isSaving, setSaving] = createSignal(false)
  const [outputs, setOutputs] = createStore({ ...FIRST_OUTPUTS })
  createEffect(() => {
    const output = bin.current()?.output
    if (output) setOutputs(output.kind, unwrap(output))
  })

  /** Puts it on the stage. What goes wrong shows there; resolves to whether it is open. */
  const open = async (id: string): Promise<boolean> => {
    const before = bin.current()
    if (before && viewer.state.phase.name === 'open') bin.setPlayhead(before.id, viewer.state.shownS)
    people.cancel()
    bin.choose(id)
    const draft = bin.current()
    if (!draft) return false
    try {
      bin.setOpened(id, await viewer.show(draft.file, draft.opened ? draft.atS : undefined, scene.sync))
      return true
    } catch {
      return false
    }
  }

  /** A draft with the look of Live. */
  const prepare = (file: File): Draft =>
    bin.add(file, file.type.startsWith('image/') ? 'still' : 'clip', { ...settings.settings.look })

  /** Clips and stills become drafts; the first of them comes on the stage. Gives back their ids. */
  const take = async (files: readonly File[]): Promise<string[]> => {
    if (files.length === 0 || !(await consent.ask())) return []
    const drafts = files.map(prepare)
    if (drafts.length > 1) setPanel('queue')
    const [first] = drafts
    if (first && drafts.length === 1 && first.kind === 'still') offerAsSource(first)
    if (first) await open(first.id)
    return drafts.map(({ id }) => id)
  }

  /** A picture can be meant either way. */
  const offerAsSource = ({ id, file }: Draft) => {
    const run = () => void Promise.all([remove(id), parts.addSource(file)])
    const words = { title: 'Opened as a picture to swap', text: 'Drop it on the characters to make it one.' }
    notices.say('info', words, { action: { label: 'Make it a character', run } })
  }

  const remove = async (id: string) => {
    const wasCurrent = bin.state.currentId === id
    const at = bin.state.drafts.findIndex((draft) => draft.id === id)
    bin.remove(id)
    if (!wasCurrent) return
    people.cancel()
    const next = bin.state.drafts[at] ?? bin.state.drafts[at - 1]
    await (next ? open(next.id) : viewer.clear())
  }

  /** Why this cannot be swapped now; undefined where it can. */
  const whyNot = (draft: Draft): string | undefined =>
    sourceIdsOf(scene.castFor(draft)).length === 0 ? 'Choose a character first' : undefined

  /** All of a draft as a job needs it. */
  const jobSettings = (draft: Draft) => {
    const cast = scene.castFor(draft)
    return settingsOf(unwrap(draft), cast, scene.jobSources(cast))
  }

  /** Sends it to the queue, where it starts when its turn comes. Resolves to undefined where consent is not given. */
  const swap = async (id: string, signal: AbortSignal): Promise<ClipJob | undefined> => {
    const draft = bin.find(id)
    if (!draft || !(await consent.ask())) return undefined
    const job = await queue.add(draft.file, jobSettings(draft), signal)
    bin.setSent(id, job.id)
    return job
  }

  /** A job starts over, with what is set for its clip by now. */
  const beginAgain = async (draftId: string, jobId: string) => {
    const draft = bin.find(draftId)
    if (draft && (await consent.ask())) await queue.retry(jobId, jobSettings(draft))
  }

  // Whoever takes their consent back wants nothing more swapped; going on asks again.
  createEffect(
    on(
      consent.isGiven,
      (given) => {
        if (!given) for (const { id } of queue.unfinished()) void queue.pause(id).catch(complain)
      },
      { defer: true },
    ),
  )
  const resume = async (id: string) => {
    if (await consent.ask()) await queue.resume(id)
  }
  const retry = async (id: string) => {
    if (await consent.ask()) await queue.retry(id)
  }

  /** Clips that were not sent yet. */
  const unsent = () => bin.state.drafts.filter(({ kind, jobId }) => kind === 'clip' && jobId === undefined)

  // What plays unseen only takes time from the queue; a dialog of a page that is not shown would lock the others.
  createEffect(() => {
    if (isShown()) return
    results.hide()
    if (viewer.state.isPlaying) void viewer.pause().catch(complain)
  })

  const life = new AbortController()
  const send = async (id = bin.state.currentId) => {
    setPanel('queue')
    await swap(id, life.signal).catch(complain)
  }
  const sendAll = async () => {
    for (const { id } of unsent()) await send(id)
  }

  /** The still on the stage, or the frame that is shown, swapped at its full size. Rejects with a named Error. */
  const saveStill = async (format: StillFormat): Promise<File> => {
    setSaving(true)
    try {
      await scene.sync()
      const picture = await (await viewer.api()).saveStill(format)
      const name = (bin.current()?.file.name ?? 'still').replace(/\.[^.]+$/, '')
      return new File([picture], `${name}-swapped.${format.replace('image/', '').replace('jpeg', 'jpg')}`, {
        type: format,
      })
    } finally {
      setSaving(false)
    }
  }
  const saveAndDownload = async () => {
    const draft = bin.current()
    if (!draft || !(await consent.ask())) return
    try {
      const file = await saveStill(draft.stillFormat)
      if (await results.save(file)) notices.say('done', { title: 'Picture saved', text: file.name })
    } catch (error) {
      complain(error)
    }
  }

  /** Moves a job that has not begun before or after its neighbour. */
  const moveBy = (id: string, by: number) => {
    const jobs = queue.jobs()
    const at = jobs.findIndex((job) => job.id === id)
    const before = jobs[by < 0 ? at - 1 : at + 2]
    return at < 0 || (by < 0 && at === 0) ? Promise.resolve() : queue.move(id, before?.id)
  }

  const isQueueSeen = () =>
    isShown() && panel() === 'queue' && (isPanelOpen() || !matchMedia(COMPACT).matches) && !document.hidden
  function ended(job: ClipJob): void {
    const { state, name } = job
    if (state.name === 'done') {
      const { libraryId } = state
      void results.refresh().catch(() => undefined) // the row has no picture then
      if (isQueueSeen()) return // it says so itself
      const action = { label: 'Play', run: () => void results.show(libraryId).catch(complain) }
      notices.say(
        'done',
        { title: `“${name}” is finished`, text: 'It is in the library.' },
        { action, forMs: 10_000 },
      )
    } else if (state.name === 'failed' && !isQueueSeen()) {
      const { title, text } = wordsFor(state.reason, state.detail)
      notices.say('problem', { title: `“${name}”: ${title}`, text })
    }
  }

  return {
    bin,
    viewer,
    queue,
    results,
    ...playback,
    current: bin.current,
    isClip: () => playback.info() !== undefined,
    scanning: people.scanning,
    scanPeople: people.scan,
    cancelScan: people.cancel,
    estimate: forecast.bytes,
    secondsFor: forecast.secondsFor,
    panel,
    /** Shows this part of the inspector. */
    choosePanel: setPanel,
    isPanelOpen,
    showPanel,
    isSaving,
    complain,
    prepare: (file: File) => prepare(file).id,
    take,
    pick: async () => void (await take(await pickFiles(ACCEPTED, true))),
    takeDemo: async (onProgress: (done: number) => void) => {
      await openDemoClip(onProgress).then((file) => take([file]), complain)
    },
    open,
    remove,
    whyNot,
    swap,
    unsent,
    resume,
    retry,
    beginAgain,
    /** The clip a job was made of, if it is still open. */
    draftOf: (jobId: string) => bin.state.drafts.find((draft) => draft.jobId === jobId),
    send,
    sendAll,
    saveStill,
    saveAndDownload,
    moveBy,
    /** The format as it was last set, for whoever comes back to it. */
    lastOf: (kind: OutputFormat['kind']): OutputFormat => unwrap(outputs)[kind],
    posterOf: ({ settings, state }: ClipJob): Blob | undefined =>
      (state.name === 'done' ? results.thumbnail(state.libraryId) : undefined) ?? settings.poster,
    /** Shows the queue as it was left. */
    wake: async () => {
      await queue.wake().catch(() => undefined) // the panel says what is wrong with the thread
      if (bin.state.drafts.length === 0 && queue.jobs().some(({ state }) => state.name !== 'done'))
        setPanel('queue')
      if (queue.jobs().some(({ state }) => state.name === 'done')) await results.refresh().catch(complain)
    },
  }
}

export type Clips = ReturnType<typeof createClips>

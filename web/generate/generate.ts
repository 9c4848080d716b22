import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile, unwrap } from 'solid-js/store'
import type { Consent } from '../consent/consent'
import type { Boxes } from '../edge/boxes'
import { addJob, type JobView, type NewJob, type Tier } from '../edge/edge'
import type { Jobs } from '../jobs/jobs'
import type { Notices } from '../ui/notices'
import { explain, wordsFor } from '../words/errors'
import { createBring, placesOf } from './bring'
import { type Brought, type Draft, loadDraft, parseDraft, type Slot, storeDraft } from './draft'
import { defaultOf, faultOf, randomSeed, type Value, type Values, valuesIn } from './parameters'
import { createPreview } from './preview'
import { createRouting } from './routing'

export type SendPhase =
  | { readonly name: 'idle' }
  /** Files are on their way to the server. */
  | { readonly name: 'sending'; readonly done: number } // 0..1
  | { readonly name: 'failed'; readonly error: unknown }

export interface GenerateParts {
  readonly boxes: Boxes
  readonly jobs: Jobs
  readonly consent: Consent
  readonly notices: Notices
  readonly complain: (error: unknown) => void
}

const WRITE_AFTER_MS = 250
/** A connection that broke just then is tried again; the key keeps it one job. */
const TRIES = 3
const TRY_AGAIN_MS = 800

/** What is asked for on the Generate page, and the job that came of it last. Nothing else writes this store. */
export function createGenerate({ boxes, jobs, consent, notices, complain }: GenerateParts) {
  const [draft, setDraft] = createStore<Draft>(parseDraft(undefined))
  const [phase, setPhase] = createSignal<SendPhase>({ name: 'idle' })
  const [isLoaded, setLoaded] = createSignal(false)
  const bring = createBring(() => void notices.say('info', wordsFor('DraftNotKeptWarning')))
  let sending: AbortController | undefined

  const isServerThere = () => boxes.state.server === 'there'
  const routing = createRouting(
    () => ({
      sentence: draft.sentence,
      mode: draft.mode,
      images: bring.count('image'),
      videos: bring.count('video'),
    }),
    isServerThere,
  )
  const routedId = () => routing.parsed()?.choices[0]?.workflow ?? ''
  const workflow = createMemo(() => boxes.workflow(draft.workflow || routedId()))
  const places = createMemo(() => placesOf(workflow()))

  const said = () => routing.parsed()?.parameters
  const spoken = createMemo(() => valuesIn(draft.sentence, said(), workflow()?.parameters ?? []))
  const tier = (): Tier => {
    const wanted = draft.tier || said()?.quality || 'standard'
    const offered = workflow()?.tiers ?? []
    return offered.some(({ name }) => name === wanted) ? wanted : (offered[0]?.name ?? 'standard')
  }
  const valueFor = (name: string): Value | undefined => {
    const parameter = workflow()?.parameters.find((one) => one.name === name)
    return draft.values[name] ?? spoken()[name] ?? (parameter ? defaultOf(parameter) : undefined)
  }
  const readiness = () => workflow()?.tiers.find(({ name }) => name === tier())?.readiness

  /** What stands in the way, one sentence each. */
  const obstacles = createMemo((): readonly string[] => {
    if (boxes.state.server === 'absent') return ['The server does not answer.']
    const chosen = workflow()
    if (!chosen) {
      if (routing.isAsking()) return ['Looking for the workflow.']
      return [draft.sentence.trim() ? 'Choose a workflow.' : 'Say what should happen.']
    }
    const bare = places().filter((place) => place.isRequired && !bring.files[place.slot])
    const wrong = chosen.parameters.flatMap((parameter) => {
      const fault = faultOf(parameter, valueFor(parameter.name))
      return fault ? [`${parameter.label}: ${fault}`] : []
    })
    return [
      ...bare.map(({ label, kind }) => `Add ${kind === 'image' ? 'a picture' : 'a video'}: ${label}.`),
      ...wrong,
    ]
  })

  const request = (inputs: Record<string, string>): NewJob => {
    const parameters: Record<string, Value> = {}
    for (const { name } of workflow()?.parameters ?? []) {
      const value = valueFor(name)
      if (value !== undefined) parameters[name] = value
    }
    return {
      workflow: workflow()?.id ?? '',
      tier: tier(),
      inputs,
      parameters,
      sentence: draft.sentence.trim(),
    }
  }

  /** Sends the files and queues the job. A second press while it is under way does nothing. */
  const send = async (): Promise<void> => {
    if (sending || obstacles().length > 0 || !(await consent.ask()) || sending) return
    sending = new AbortController()
    const { signal } = sending
    const key = crypto.randomUUID()
    setPhase({ name: 'sending', done: 0 })
    try {
      const inputs = await bring.send(places(), (done) => setPhase({ name: 'sending', done }), signal)
      show(await queue(request(inputs), key, signal))
      setPhase({ name: 'idle' })
    } catch (error) {
      setPhase(signal.aborted ? { name: 'idle' } : { name: 'failed', error })
    } finally {
      sending = undefined
    }
  }
  const show = (job: JobView) => {
    jobs.put(job)
    setDraft('jobId', job.id)
    write() // at once: a page that is reloaded right away must still know its job
  }

  const jobId = () => draft.jobId
  const job = createMemo(() => (jobId() ? jobs.find(jobId()) : undefined))
  const preview = createPreview(jobId, () => job()?.state, jobs.hear)
  // After a reload, or opened by another page, the list may not have it yet.
  createEffect(
    on([jobId, () => jobs.state.phase], ([id, at]) => {
      if (!id || at !== 'open' || jobs.find(id)) return
      jobs.load(id).catch((error) => {
        if (error instanceof Error && error.name.endsWith('NotFound')) setDraft('jobId', '')
      })
    }),
  )

  /** The same once more, from another seed. */
  const again = async (before: JobView): Promise<void> => {
    if (sending) return
    sending = new AbortController()
    try {
      const { workflow: id, tier: before_tier, inputs, sentence } = before
      const parameters = { ...before.parameters }
      for (const { kind, name, ...rest } of boxes.workflow(id)?.parameters ?? []) {
        if (kind === 'seed' && 'max' in rest) parameters[name] = randomSeed(rest.max)
      }
      const asked = { workflow: id, tier: before_tier, inputs: { ...inputs }, parameters, sentence }
      show(await queue(asked, crypto.randomUUID(), sending.signal))
    } catch (error) {
      notices.say('problem', explain(error))
    } finally {
      sending = undefined
    }
  }

  /** Shows a job, and takes over what it was made from where nothing else is being prepared. */
  const openJob = (opened: JobView) => {
    setDraft('jobId', opened.id)
    if (draft.sentence.trim() || bring.count('image') + bring.count('video') > 0) return
    const made = boxes.workflow(opened.workflow)
    if (!made) return
    const values: Record<string, Value> = {}
    for (const parameter of made.parameters) {
      const value = opened.parameters[parameter.name]
      const isSaid = parameter.kind === 'seed' || value === defaultOf(parameter) || value === opened.sentence
      if (value !== undefined && !isSaid) values[parameter.name] = value
    }
    setDraft({ sentence: opened.sentence, workflow: made.id, tier: opened.tier })
    setDraft('values', reconcile(values))
    for (const { slot, kind, label, input } of placesOf(made)) {
      const fileId = input ? opened.inputs[input] : undefined
      if (fileId) put(slot, { kind, name: label, bytes: 0, fileId })
    }
  }

  const put = (slot: Slot, brought: Brought) => void bring.put(slot, brought).catch(complain)

  /** Files go to the first free place of their kind, or take the first one's. */
  const take = (files: readonly File[]) => {
    for (const file of files) {
      const kind =
        file.type.startsWith('video/') || /\.(mkv|mov|avi|mp4|webm)$/i.test(file.name) ? 'video' : 'image'
      const fitting = places().filter((place) => place.kind === kind)
      const slot = (fitting.find((place) => !bring.files[place.slot]) ?? fitting[0])?.slot ?? `${kind}:0`
      put(slot, { kind, name: file.name, bytes: file.size, file })
    }
  }

  const load = async () => {
    try {
      const kept = await loadDraft()
      // Whoever was quicker than the disk is right.
      if (draft.sentence === '' && draft.jobId === '')
        setDraft(reconcile({ ...kept.draft, mode: draft.mode === 'auto' ? kept.draft.mode : draft.mode }))
      for (const [slot, brought] of kept.files) if (!bring.files[slot]) bring.show(slot, brought)
    } catch {
      // Nothing is stored here: the draft lasts until the page closes.
    } finally {
      setLoaded(true)
    }
  }
  void load()

  let timer = 0
  const write = () => {
    clearTimeout(timer)
    timer = 0
    storeDraft(unwrap(draft)).catch(() => undefined) // as above
  }
  createEffect(() => {
    JSON.stringify(draft) // all of it
    if (!isLoaded()) return
    clearTimeout(timer)
    timer = window.setTimeout(write, WRITE_AFTER_MS)
  })
  const leaving = () => document.hidden && timer && write()
  document.addEventListener('visibilitychange', leaving)
  onCleanup(() => {
    document.removeEventListener('visibilitychange', leaving)
    clearTimeout(timer)
    sending?.abort()
  })

  return {
    draft,
    phase,
    bring,
    routing,
    routedId,
    workflow,
    places,
    tier,
    valueFor,
    spoken,
    readiness,
    obstacles,
    job,
    preview,
    put,
    take,
    send,
    again,
    stopSending: () => sending?.abort(),
    dismissFailure: () => setPhase({ name: 'idle' }),
    openJob,
    /** '' for none. */
    showJob: (id: string) => setDraft('jobId', id),
    setSentence: (sentence: string) => setDraft('sentence', sentence),
    setMode: (mode: Draft['mode']) => setDraft({ mode, workflow: '' }),
    /** By hand; '' follows the sentence again. */
    chooseWorkflow: (id: string) => setDraft('workflow', id === routedId() ? '' : id),
    setTier: (wanted: Tier) => setDraft('tier', wanted),
    /** Undefined brings back what the sentence or the workflow says. */
    setValue: (name: string, value: Value | undefined) =>
      setDraft('values', reconcile(without(draft.values, name, value))),
  }
}

function without(values: Values, name: string, value: Value | undefined): Record<string, Value> {
  const { [name]: _, ...others } = values
  return value === undefined ? others : { ...others, [name]: value }
}

async function queue(request: NewJob, key: string, signal: AbortSignal): Promise<JobView> {
  for (let left = TRIES; ; left--) {
    try {
      return await addJob(request, key, signal)
    } catch (error) {
      const isLost = error instanceof Error && error.name === 'ServerAbsentError'
      if (!isLost || left <= 1) throw error
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
    }
  }
}

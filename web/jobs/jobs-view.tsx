import ListVideo from 'lucide-solid/icons/list-video'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import Sparkles from 'lucide-solid/icons/sparkles'
import { Switch as Choose, createMemo, createResource, createSignal, For, Match, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Generation } from '../generate/generation'
import { GenerationContext, useGeneration } from '../generate/generation-context'
import { Button, Glyph } from '../ui/button'
import { Segmented, Select, Switch } from '../ui/choice'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import { wordsFor } from '../words/errors'
import { JobDialog } from './job-dialog'
import { JobItem } from './job-item'
import { nameOf, stateInWords } from './job-words'
import { FILTERS, type JobFilterName } from './jobs'
import '../studio/stage.css'
import './job-state.css'
import './jobs.css'
import { allowNotifications, canNotify } from './notify'

/** All work that was given to boxes: from this device, from a phone, from anywhere. */
export function JobsView() {
  const { loadGeneration } = useUnderstudy()
  const [generation] = createResource(loadGeneration)
  return <Show when={generation()}>{(loaded) => <Loaded generation={loaded()} />}</Show>
}

function Loaded(props: { readonly generation: Generation }) {
  const { jobs } = props.generation
  const [openId, setOpenId] = createSignal('')
  return (
    <GenerationContext.Provider value={props.generation}>
      <main class="jobs" aria-label="Jobs">
        <Bar />
        <Choose>
          <Match when={jobs.state.phase === 'absent' && jobs.shown().length === 0}>
            <Absent />
          </Match>
          <Match when={jobs.state.phase === 'opening'}>
            <p class="page-message" role="status" aria-busy="true">
              <span class="spinner" /> Asking the server
            </p>
          </Match>
          <Match when={jobs.shown().length === 0}>
            <Empty />
          </Match>
          <Match when={jobs.shown().length > 0}>
            <div class="jobs-scroll">
              <Show when={jobs.state.phase === 'absent' || !jobs.state.isConnected}>
                <p class="jobs-offline" role="status">
                  The server does not answer now. This is how it was; it goes on by itself when the server is
                  back.
                </p>
              </Show>
              <ol class="jobs-list">
                <For each={jobs.shown()}>
                  {(job) => (
                    <li>
                      <JobItem job={job} onOpen={() => setOpenId(job.id)} />
                    </li>
                  )}
                </For>
              </ol>
              <Show when={jobs.state.next}>
                <Button class="jobs-more" onClick={() => void jobs.more()}>
                  Show older ones
                </Button>
              </Show>
            </div>
          </Match>
        </Choose>
        <News />
        <JobDialog id={openId()} onClose={() => setOpenId('')} />
      </main>
    </GenerationContext.Provider>
  )
}

function Bar() {
  const { settings, complain } = useUnderstudy()
  const { jobs } = useGeneration()
  const isCompact = createMediaQuery(COMPACT)
  const options = (Object.keys(FILTERS) as JobFilterName[]).map((value) => ({
    value,
    label: FILTERS[value].label,
  }))
  const notifyOf = async (wanted: boolean) => {
    try {
      if (wanted) await allowNotifications()
      settings.change({ notifyOfJobs: wanted })
    } catch (error) {
      settings.change({ notifyOfJobs: false })
      complain(error)
    }
  }
  return (
    <div class="jobs-bar">
      <Dynamic
        component={isCompact() ? Select<JobFilterName> : Segmented<JobFilterName>}
        label="Show"
        isBare
        value={jobs.state.filter}
        options={options}
        onChange={jobs.setFilter}
      />
      <Show when={canNotify()}>
        <Switch
          label={isCompact() ? 'Notify me' : 'Notify me when a job is done'}
          checked={settings.settings.notifyOfJobs}
          onChange={(wanted) => void notifyOf(wanted)}
        />
      </Show>
    </div>
  )
}

/** Each change of a state is said once; percents are not. */
function News() {
  const { jobs } = useGeneration()
  const news = createMemo(() =>
    jobs
      .active()
      .slice(0, 3)
      .map((job) => `${nameOf(job)}: ${stateInWords(job)}`)
      .join('. '),
  )
  return (
    <p class="visually-hidden" role="status">
      {news()}
    </p>
  )
}

function Empty() {
  const { navigation } = useUnderstudy()
  const { jobs } = useGeneration()
  return (
    <Show
      when={jobs.state.filter === 'all'}
      fallback={
        <div class="page-message">
          <p>There are none of this kind.</p>
          <Button onClick={() => jobs.setFilter('all')}>Show all</Button>
        </div>
      }
    >
      <div class="page-message jobs-empty">
        <Glyph icon={ListVideo} size={40} />
        <h2>No jobs yet</h2>
        <p>
          Bring a picture and a video, say what should happen, and a GPU box of yours does it. Whatever was
          asked for is listed here, on every device that opens this page.
        </p>
        <Button icon={Sparkles} look="primary" onClick={() => navigation.go('generate')}>
          Generate
        </Button>
      </div>
    </Show>
  )
}

function Absent() {
  const { jobs } = useGeneration()
  const words = wordsFor('ServerAbsentError')
  return (
    <div class="page-message" role="alert">
      <h2>{words.title}</h2>
      <p>{words.text}</p>
      <Button look="primary" icon={RotateCw} onClick={() => void jobs.refresh()}>
        Try again
      </Button>
    </div>
  )
}

import Dices from 'lucide-solid/icons/dices'
import Download from 'lucide-solid/icons/download'
import Library from 'lucide-solid/icons/library'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import X from 'lucide-solid/icons/x'
import { Match, Show, Switch } from 'solid-js'
import { Meter } from '../clips/meter'
import { downloadUrl, type JobView } from '../edge/edge'
import { isActive, progressInWords, stateInWords } from '../jobs/job-words'
import { Button, IconButton } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { useGeneration } from './generation-context'
import { toLibrary } from './to-library'

/** How the job under the picture is doing, and what can be done about it. Its room is there before there is a job. */
export function JobStrip() {
  const { generate } = useGeneration()
  return (
    <div class="strip" data-state={generate.job()?.state ?? 'none'}>
      <Show when={generate.job()} fallback={<p class="strip-none">Nothing is being made.</p>}>
        {(job) => <Strip job={job()} />}
      </Show>
    </div>
  )
}

function Strip(props: { readonly job: JobView }) {
  const { generate } = useGeneration()
  return (
    <>
      <div class="strip-meter">
        <Show when={isActive(props.job)}>
          <Meter
            label="Progress"
            done={props.job.progress?.fraction ?? 0}
            isQuiet={props.job.state !== 'running' && props.job.state !== 'fetching'}
          />
        </Show>
      </div>
      <p class="strip-state">
        <span class="dot" />
        <b role="status">{stateInWords(props.job)}</b>
        <span class="strip-progress">
          {isActive(props.job) ? progressInWords(props.job) : props.job.title}
        </span>
      </p>
      <div class="strip-actions">
        <Actions job={props.job} />
        <Show when={!isActive(props.job)}>
          <IconButton icon={X} label="Put this result away" onClick={() => generate.showJob('')} />
        </Show>
      </div>
    </>
  )
}

function Actions(props: { readonly job: JobView }) {
  const { generate, jobs, boxes } = useGeneration()
  const { notices, navigation, complain } = useUnderstudy()
  const result = () => props.job.results[0]
  const hasSeed = () =>
    boxes.workflow(props.job.workflow)?.parameters.some(({ kind }) => kind === 'seed') ?? false
  const keep = async (url: string) => {
    try {
      const name = await toLibrary(props.job, url)
      const action = { label: 'Library', run: () => navigation.go('library') }
      notices.say('done', { title: 'In the library', text: name }, { action })
    } catch (error) {
      complain(error)
    }
  }
  return (
    <Switch>
      <Match when={isActive(props.job)}>
        <Button icon={X} disabled={props.job.cancelRequested} onClick={() => void jobs.cancel(props.job.id)}>
          Cancel
        </Button>
      </Match>
      <Match when={result()}>
        {(made) => (
          <>
            <Button icon={Dices} onClick={() => void generate.again(props.job)}>
              {hasSeed() ? 'Another seed' : 'Once more'}
            </Button>
            <IconButton icon={Library} label="Keep it in the library" onClick={() => void keep(made().url)} />
            <a class="button button-plain" href={downloadUrl(made().url)} download="">
              <Download size={18} strokeWidth={1.75} />
              Download
            </a>
          </>
        )}
      </Match>
      <Match when={props.job.state === 'failed' || props.job.state === 'cancelled'}>
        <Button icon={RotateCcw} onClick={() => void jobs.retry(props.job.id)}>
          Try again
        </Button>
      </Match>
    </Switch>
  )
}

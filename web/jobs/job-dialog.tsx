import Download from 'lucide-solid/icons/download'
import PenLine from 'lucide-solid/icons/pen-line'
import { createMemo, Show } from 'solid-js'
import { size } from '../clips/times'
import { downloadUrl } from '../edge/edge'
import { useGeneration } from '../generate/generation-context'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'
import { JobResult } from './job-result'
import { nameOf } from './job-words'

/** A finished job, large: played, compared with what it was made from, downloaded. */
export function JobDialog(props: { readonly id: string; readonly onClose: () => void }) {
  const { navigation } = useUnderstudy()
  const { jobs, boxes, generate } = useGeneration()
  const job = createMemo(() => (props.id ? jobs.find(props.id) : undefined))
  const result = () => job()?.results[0]
  // A dialog of a page that is not shown would lock the others.
  const isOpen = () => job() !== undefined && navigation.page() === 'jobs'
  const toGenerate = () => {
    const opened = job()
    if (opened) generate.openJob(opened)
    props.onClose()
    navigation.go('generate')
  }
  return (
    <Dialog
      open={isOpen()}
      title={job() ? nameOf(job() ?? { sentence: '', title: '' }) : ''}
      onClose={props.onClose}
    >
      <Show when={job()?.id} keyed>
        <Show when={job()}>
          {(shown) => <JobResult job={shown()} workflow={boxes.workflow(shown().workflow)} />}
        </Show>
      </Show>
      <footer>
        <span class="hint job-dialog-facts">
          {job()?.title}
          {result() ? ` · ${size(result()?.bytes ?? 0)}` : ''}
        </span>
        <Button icon={PenLine} onClick={toGenerate}>
          Open in Generate
        </Button>
        <Show when={result()}>
          {(made) => (
            <a class="button button-primary" href={downloadUrl(made().url)} download="">
              <Download size={18} strokeWidth={1.75} />
              Download
            </a>
          )}
        </Show>
      </footer>
    </Dialog>
  )
}

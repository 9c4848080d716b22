import Clapperboard from 'lucide-solid/icons/clapperboard'
import Drama from 'lucide-solid/icons/drama'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Video from 'lucide-solid/icons/video'
import { Match, Show, Switch } from 'solid-js'
import { Button, Glyph, type Icon } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { explain, wordsFor } from '../words/errors'

/** What stands in front of the picture while there is none: what to do next, or what went wrong. */
export function StageCurtain() {
  const { studio } = useUnderstudy()
  const phase = () => studio.state.phase
  const failure = () => {
    const now = phase()
    return now.name === 'failed' ? explain(now.error) : undefined
  }
  return (
    <Switch>
      <Match when={phase().name === 'idle' || phase().name === 'opening'}>
        <div class="curtain">
          <h2>Where should the picture come from?</h2>
          <InputCards />
          <PrivacyNote />
          <p class="curtain-progress" role="status" aria-busy={phase().name === 'opening'}>
            <Show when={phase().name === 'opening'} fallback="Ready">
              <span class="spinner" /> Loading the models, measuring this machine
            </Show>
          </p>
        </div>
      </Match>
      <Match when={phase().name === 'starting'}>
        <div class="curtain is-thin">
          <p class="curtain-progress" role="status" aria-busy="true">
            <span class="spinner" />
            {studio.camera.state().name === 'opening' ? 'Asking for the camera' : 'Starting'}
          </p>
        </div>
      </Match>
      <Match when={phase().name === 'waiting'}>
        <div class="curtain" role="alert">
          <Glyph icon={TriangleAlert} size={32} />
          <h2>{wordsFor('CameraLostError').title}</h2>
          <p>{wordsFor('CameraLostError').text}</p>
        </div>
      </Match>
      <Match when={failure()}>
        {(words) => (
          <div class="curtain" role="alert">
            <Glyph icon={TriangleAlert} size={32} />
            <h2>{words().title}</h2>
            <p>{words().text}</p>
            <Show when={studio.state.capabilities} fallback={<ReloadButton />}>
              <InputCards isAgain />
            </Show>
          </div>
        )}
      </Match>
    </Switch>
  )
}

/** What failed before the studio was open is only tried again by a new page. */
function ReloadButton() {
  return (
    <Button look="primary" icon={RotateCw} onClick={() => location.reload()}>
      Reload
    </Button>
  )
}

function PrivacyNote() {
  return (
    <p class="promise">
      <Glyph icon={ShieldCheck} size={16} /> Nothing leaves this device.
    </p>
  )
}

function InputCards(props: { readonly isAgain?: boolean }) {
  const { begin, studio, settings } = useUnderstudy()
  const isCamera = () => settings.settings.input === 'camera'
  return (
    <div class="input-cards">
      <InputCard
        icon={Video}
        title={props.isAgain && isCamera() ? 'Try the camera again' : 'Camera'}
        text="You, live, as someone else"
        onClick={() => begin('camera')}
      />
      <InputCard
        icon={Clapperboard}
        title={studio.state.fileName || 'Video file'}
        text={studio.state.fileName ? 'Play it again' : 'Loops a clip from this device'}
        onClick={() => begin('file')}
      />
      <InputCard
        icon={Drama}
        title="Demo head"
        text="A rendered talker, no camera needed"
        onClick={() => begin('demo')}
      />
    </div>
  )
}

interface InputCardProps {
  readonly icon: Icon
  readonly title: string
  readonly text: string
  readonly onClick: () => unknown
}

function InputCard(props: InputCardProps) {
  return (
    <Button class="input-card" onClick={() => void props.onClick()}>
      <Glyph icon={props.icon} size={24} />
      <strong>{props.title}</strong>
      <span>{props.text}</span>
    </Button>
  )
}

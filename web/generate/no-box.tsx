import Clapperboard from 'lucide-solid/icons/clapperboard'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import ServerOff from 'lucide-solid/icons/server-off'
import Unplug from 'lucide-solid/icons/unplug'
import Video from 'lucide-solid/icons/video'
import { For, Show } from 'solid-js'
import { Button, Glyph } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { wordsFor } from '../words/errors'
import { useGeneration } from './generation-context'

/** No box answers: what that means, how to connect one, and what runs here without one. */
export function NoBox() {
  const { boxes } = useGeneration()
  const isConfigured = () => boxes.state.boxes.length > 0
  return (
    <div class="curtain no-box">
      <Glyph icon={Unplug} size={32} />
      <h2>{isConfigured() ? 'No GPU box answers' : 'No GPU box is connected'}</h2>
      <Show
        when={isConfigured()}
        fallback={
          <p>
            Whole bodies and new scenes are made by large video models on a ComfyUI server of your own. Start
            Understudy with its address:
          </p>
        }
      >
        <ul class="box-list">
          <For each={boxes.state.boxes}>
            {({ name, health }) => (
              <li>
                <strong>{name}</strong> <span>{health}</span>
              </li>
            )}
          </For>
        </ul>
        <p>Start ComfyUI there with “--listen”, or give Understudy another address:</p>
      </Show>
      <code class="command">COMFYUI_URLS=http://192.168.1.20:8188 npm start</code>
      <p>The README says how to set one up, under “Set up a box”. Until then a job waits in the queue.</p>
      <HereInstead />
    </div>
  )
}

/** Our own server does not answer: the page itself came from a cache. */
export function NoServer() {
  const { boxes } = useGeneration()
  const words = wordsFor('ServerAbsentError')
  return (
    <div class="curtain no-box" role="alert">
      <Glyph icon={ServerOff} size={32} />
      <h2>{words.title}</h2>
      <p>{words.text}</p>
      <Button icon={RefreshCw} onClick={() => void boxes.lookAgain()}>
        Try again
      </Button>
      <HereInstead />
    </div>
  )
}

/** What this device does by itself, with the same files. */
function HereInstead() {
  const { navigation, takeClips, addSource } = useUnderstudy()
  const { generate } = useGeneration()
  const swapHere = async () => {
    const { 'image:0': picture, 'video:0': video } = generate.bring.files
    if (picture?.file) await addSource(picture.file)
    if (video?.file) await takeClips([video.file])
    else navigation.go('clip')
  }
  return (
    <div class="here-instead">
      <span>Without one, on this device:</span>
      <div class="curtain-choices">
        <Button icon={Clapperboard} onClick={() => void swapHere()}>
          Swap only the face, here
        </Button>
        <Button icon={Video} onClick={() => navigation.go('live')}>
          Live
        </Button>
      </div>
    </div>
  )
}

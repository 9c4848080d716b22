import Camera from 'lucide-solid/icons/camera'
import Film from 'lucide-solid/icons/film'
import FolderOpen from 'lucide-solid/icons/folder-open'
import Image from 'lucide-solid/icons/image'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import UserRound from 'lucide-solid/icons/user-round'
import X from 'lucide-solid/icons/x'
import { createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { clock, size } from '../clips/times'
import { Button, Glyph, IconButton } from '../ui/button'
import { pickFiles } from '../ui/pick-files'
import { useUnderstudy } from '../understudy'
import type { Place, ShownFile } from './bring'
import './bring.css'
import { useGeneration } from './generation-context'

const CameraTake = lazy(async () => ({ default: (await import('./camera-take')).CameraTake }))

const ACCEPTED = { image: 'image/*', video: 'video/*,.mkv,.mov,.avi' } as const

/** The files a job is about: chosen, dropped, taken over, or recorded on the spot. */
export function BringPanel() {
  const { generate } = useGeneration()
  const [taking, setTaking] = createSignal<Place>()
  return (
    <section class="bring" aria-label="What you bring along">
      <h2>Bring along</h2>
      <ul class="bring-places">
        <For each={generate.places()}>
          {(place) => (
            <li>
              <PlaceCard place={place} onTake={() => setTaking(place)} />
            </li>
          )}
        </For>
      </ul>
      <p class="promise">
        <Glyph icon={ShieldCheck} size={16} />
        <span>They stay on this device until you press Generate.</span>
      </p>
      <Suspense>
        <Show when={taking()}>
          {(place) => (
            <CameraTake
              onClose={() => setTaking(undefined)}
              onTake={(brought) => {
                generate.put(place().slot, brought)
                setTaking(undefined)
              }}
            />
          )}
        </Show>
      </Suspense>
    </section>
  )
}

function PlaceCard(props: { readonly place: Place; readonly onTake: () => void }) {
  const { generate } = useGeneration()
  const shown = () => generate.bring.files[props.place.slot]
  const isIdle = () => props.place.input === undefined && generate.workflow() !== undefined
  const choose = async () => {
    const { slot, kind } = props.place
    const [file] = await pickFiles(ACCEPTED[kind], false)
    if (file) generate.put(slot, { kind, name: file.name, bytes: file.size, file })
  }
  return (
    <article class="place" classList={{ 'is-idle': isIdle() }} aria-label={props.place.label}>
      <header>
        <h3>{props.place.label}</h3>
        <span class="place-note">
          {isIdle() ? 'Not used here' : props.place.isRequired || !generate.workflow() ? '' : 'Optional'}
        </span>
      </header>
      <Show when={shown()} fallback={<Empty {...props} onChoose={() => void choose()} />} keyed>
        {(file) => (
          <Filled
            file={file}
            onChoose={() => void choose()}
            onRemove={() => void generate.bring.remove(props.place.slot)}
          />
        )}
      </Show>
    </article>
  )
}

function Empty(props: { readonly place: Place; readonly onTake: () => void; readonly onChoose: () => void }) {
  const { sources, complain } = useUnderstudy()
  const { generate } = useGeneration()
  const isImage = () => props.place.kind === 'image'
  const character = () => sources.state.cards.find(({ id }) => id === sources.state.activeId)
  const takeCharacter = () => {
    const record = sources.find(sources.state.activeId)
    if (!record) return
    const { picture, name } = record
    const file = new File([picture], `${name}.${picture.type.split('/')[1] ?? 'png'}`, { type: picture.type })
    try {
      generate.put(props.place.slot, { kind: 'image', name: file.name, bytes: file.size, file })
    } catch (error) {
      complain(error)
    }
  }
  return (
    <div class="place-empty">
      <Glyph icon={isImage() ? Image : Film} size={28} />
      <p>{props.place.hint || 'Drop it anywhere on the page'}</p>
      <div class="place-ways">
        <Button icon={FolderOpen} aria-label={`Choose: ${props.place.label}`} onClick={props.onChoose}>
          Choose
        </Button>
        <Show
          when={isImage()}
          fallback={
            <Button icon={Camera} onClick={props.onTake}>
              Record
            </Button>
          }
        >
          <Show when={character()}>
            {(card) => (
              <Button icon={UserRound} title={`The character in use: ${card().name}`} onClick={takeCharacter}>
                {card().name}
              </Button>
            )}
          </Show>
        </Show>
      </div>
    </div>
  )
}

function Filled(props: {
  readonly file: ShownFile
  readonly onChoose: () => void
  readonly onRemove: () => void
}) {
  const [facts, setFacts] = createSignal('')
  const tell = (width: number, height: number, durationS?: number) => {
    const lengthS = Number.isFinite(durationS) ? durationS : props.file.durationS
    setFacts([lengthS ? clock(lengthS) : '', width ? `${width} × ${height}` : ''].filter(Boolean).join(' · '))
  }
  const play = (video: HTMLVideoElement) => {
    if (video.paused)
      void video.play().catch(() => undefined) // another press came in between
    else video.pause()
  }
  return (
    <figure class="place-filled">
      <Show
        when={props.file.kind === 'video'}
        fallback={
          <img
            src={props.file.url}
            alt={props.file.name}
            draggable={false}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => tell(naturalWidth, naturalHeight)}
          />
        }
      >
        <button
          type="button"
          class="place-play"
          aria-label={`Play or pause ${props.file.name}`}
          onClick={({ currentTarget }) => {
            const video = currentTarget.querySelector('video')
            if (video) play(video)
          }}
        >
          <video
            src={props.file.url}
            muted
            playsinline
            loop
            preload="metadata"
            onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight, duration } }) =>
              tell(videoWidth, videoHeight, duration)
            }
          />
        </button>
      </Show>
      <figcaption>
        <span class="place-name" title={props.file.name}>
          {props.file.name}
        </span>
        <span class="place-facts">
          {[facts(), props.file.bytes > 0 ? size(props.file.bytes) : ''].filter(Boolean).join(' · ')}
        </span>
      </figcaption>
      <div class="place-actions">
        <IconButton
          icon={FolderOpen}
          label={`Choose another for ${props.file.name}`}
          onClick={props.onChoose}
        />
        <IconButton icon={X} label={`Put ${props.file.name} away`} onClick={props.onRemove} />
      </div>
    </figure>
  )
}

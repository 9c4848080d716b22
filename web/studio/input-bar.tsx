import Clapperboard from 'lucide-solid/icons/clapperboard'
import Drama from 'lucide-solid/icons/drama'
import FolderOpen from 'lucide-solid/icons/folder-open'
import SwitchCamera from 'lucide-solid/icons/switch-camera'
import Video from 'lucide-solid/icons/video'
import { createMemo, Show } from 'solid-js'
import type { RATES, SIZES } from '../settings/schema'
import { Button, IconButton } from '../ui/button'
import { type Option, Segmented, Select } from '../ui/choice'
import { pickFiles } from '../ui/pick-files'
import { useUnderstudy } from '../understudy'
import type { InputKind } from './studio'

const KINDS: readonly Option<InputKind>[] = [
  { value: 'camera', label: 'Camera', icon: Video },
  { value: 'file', label: 'Video', icon: Clapperboard },
  { value: 'demo', label: 'Demo head', icon: Drama },
]

const SIZE_OPTIONS: readonly Option<(typeof SIZES)[number]>[] = [
  { value: 'auto', label: 'Automatic size' },
  { value: '640x480', label: '640 × 480' },
  { value: '960x540', label: '960 × 540' },
  { value: '1280x720', label: '1280 × 720' },
  { value: '1920x1080', label: '1920 × 1080' },
]

const RATE_OPTIONS: readonly Option<(typeof RATES)[number]>[] = [
  { value: 'auto', label: 'Automatic rate' },
  { value: '15', label: '15 fps' },
  { value: '24', label: '24 fps' },
  { value: '30', label: '30 fps' },
  { value: '60', label: '60 fps' },
]

/** Where the frames come from: a row above the picture, or a group of the sheet on a phone. */
export function InputBar(props: { readonly isStacked?: boolean }) {
  const { studio, settings, begin, takeFiles } = useUnderstudy()
  const isBare = () => !props.isStacked
  const cameras = createMemo(() => [
    { value: '', label: 'Default camera' },
    ...studio.camera.devices().map(({ id, label }) => ({ value: id, label })),
  ])
  const cameraInUse = () => {
    const { cameraId } = settings.settings
    return cameras().some(({ value }) => value === cameraId) ? cameraId : ''
  }
  const openVideo = async () => takeFiles(await pickFiles('video/*', false))
  const choose = (kind: InputKind) => {
    if (kind === 'file' && !studio.state.fileName) return begin(kind)
    return studio.isRunning() ? begin(kind) : settings.change({ input: kind })
  }
  return (
    <div class="input-bar" classList={{ 'is-stacked': props.isStacked ?? false }}>
      <Segmented
        label="Input"
        isBare={isBare()}
        value={settings.settings.input}
        options={KINDS}
        onChange={(kind) => void choose(kind)}
      />
      <Show when={settings.settings.input === 'camera'}>
        <Select
          label="Camera"
          isBare={isBare()}
          value={cameraInUse()}
          options={cameras()}
          onChange={(cameraId) => void studio.chooseCamera({ cameraId })}
        />
        <Select
          label="Resolution"
          isBare={isBare()}
          value={settings.settings.size}
          options={SIZE_OPTIONS}
          onChange={(size) => void studio.chooseCamera({ size })}
        />
        <Select
          label="Frame rate"
          isBare={isBare()}
          value={settings.settings.rate}
          options={RATE_OPTIONS}
          onChange={(rate) => void studio.chooseCamera({ rate })}
        />
        <Show when={isBare() && matchMedia('(pointer: coarse)').matches}>
          <IconButton
            icon={SwitchCamera}
            label="Other side of the device"
            onClick={() => void studio.flip()}
          />
        </Show>
      </Show>
      <Show when={settings.settings.input === 'file'}>
        <span class="file-name" title={studio.state.fileName}>
          {studio.state.fileName || 'No video chosen'}
        </span>
        <Button icon={FolderOpen} onClick={() => void openVideo()}>
          Open video
        </Button>
      </Show>
      <Show when={settings.settings.input === 'demo'}>
        <span class="file-name">Rendered here: no camera, no real person</span>
      </Show>
    </div>
  )
}

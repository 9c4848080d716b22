import { Show } from 'solid-js'
import type { StillFormat } from '../../workers/clip/clip-api'
import type { OutputFormat, Quality } from '../../workers/clip/clip-job'
import { BadgeGroup } from '../studio/look-groups'
import { Segmented, Select } from '../ui/choice'
import { useClips } from './clips-context'
import { type Draft, spanOf } from './draft'
import { QUALITIES } from './in-words'
import { roughly, size, timecode } from './times'

const GIF_WIDTHS = ['320', '480', '640'] as const
const GIF_RATES = ['10', '15', '25'] as const
/** A GIF of more than this is better a video. */
const LONG_GIF_S = 15

/** What comes out: a file format, its quality, and about how large it will be. */
export function ExportPanel(props: { readonly draft: Draft }) {
  const { bin } = useClips()
  return (
    <>
      <div class="panel-body">
        <Show when={props.draft.kind === 'clip'} fallback={<StillExport draft={props.draft} />}>
          <ClipExport draft={props.draft} />
        </Show>
      </div>
      <BadgeGroup
        look={props.draft.look}
        onChange={(changes) => bin.setLook(props.draft.id, changes)}
        isClip
      />
      <p class="panel-body hint">
        The file also says inside that it was made with AI (IPTC digital source type), where its format has a
        place for it.
      </p>
    </>
  )
}

function ClipExport(props: { readonly draft: Draft }) {
  const { bin, lastOf } = useClips()
  const output = () => props.draft.output
  const set = (output: OutputFormat) => bin.set(props.draft.id, { output })
  const choose = (kind: OutputFormat['kind']) => set(lastOf(kind))
  return (
    <>
      <Segmented
        label="Format"
        value={output().kind}
        options={[
          { value: 'mp4', label: 'MP4' },
          { value: 'webm', label: 'WebM' },
          { value: 'gif', label: 'GIF' },
          { value: 'png', label: 'PNG' },
        ]}
        hint={FORMATS[output().kind]}
        onChange={choose}
      />
      <Show when={asVideo(output())}>
        {(video) => (
          <Select
            label="Quality"
            value={video().quality}
            options={QUALITY_OPTIONS}
            onChange={(quality) => set({ ...video(), quality })}
          />
        )}
      </Show>
      <Show when={asGif(output())}>
        {(gif) => (
          <>
            <Segmented
              label="Width"
              value={String(gif().width)}
              options={GIF_WIDTHS.map((value) => ({ value: value as string, label: `${value} px` }))}
              onChange={(width) => set({ ...gif(), width: Number(width) })}
            />
            <Segmented
              label="Pictures per second"
              value={String(gif().fps)}
              options={GIF_RATES.map((value) => ({ value: value as string, label: value }))}
              onChange={(fps) => set({ ...gif(), fps: Number(fps) })}
            />
          </>
        )}
      </Show>
      <Forecast draft={props.draft} />
    </>
  )
}

/** About how large and how long, and what to think of it. */
function Forecast(props: { readonly draft: Draft }) {
  const { estimate, secondsFor } = useClips()
  const lengthS = () => {
    const { opened, outside } = props.draft
    if (opened?.kind !== 'clip') return 0
    const span = outside === 'cut' ? spanOf(props.draft) : undefined
    return (span?.toS ?? opened.info.toS) - (span?.fromS ?? opened.info.fromS)
  }
  const isLongGif = () => props.draft.output.kind === 'gif' && lengthS() > LONG_GIF_S
  return (
    <>
      <dl class="forecast">
        <dt>Length</dt>
        <dd>{timecode(lengthS())}</dd>
        <dt>File size</dt>
        <dd>{estimate() === undefined ? '–' : `about ${size(estimate() ?? 0)}`}</dd>
        <dt>Time needed</dt>
        <dd>{secondsFor(props.draft) === undefined ? '–' : roughly(secondsFor(props.draft) ?? 0)}</dd>
      </dl>
      <Show when={isLongGif()}>
        <p class="warning">
          A GIF of {timecode(lengthS())} will be very large, and other programs may refuse it. Mark a shorter
          part, or choose MP4.
        </p>
      </Show>
    </>
  )
}

function StillExport(props: { readonly draft: Draft }) {
  const { bin } = useClips()
  return (
    <Segmented<StillFormat>
      label="Format"
      value={props.draft.stillFormat}
      options={[
        { value: 'image/png', label: 'PNG' },
        { value: 'image/jpeg', label: 'JPEG' },
        { value: 'image/webp', label: 'WebP' },
      ]}
      hint={STILLS[props.draft.stillFormat]}
      onChange={(stillFormat) => bin.set(props.draft.id, { stillFormat })}
    />
  )
}

const asVideo = (output: OutputFormat) =>
  output.kind === 'mp4' || output.kind === 'webm' ? output : undefined
const asGif = (output: OutputFormat) => (output.kind === 'gif' ? output : undefined)

const QUALITY_OPTIONS = (['high', 'medium', 'small'] as const).map((value: Quality) => ({
  value,
  label: QUALITIES[value],
}))

const FORMATS = {
  mp4: 'H.264 with sound. Plays everywhere.',
  webm: 'VP9 with sound. For the web; smaller, but not every program opens it.',
  gif: 'Moves everywhere, without sound and with 256 colours. For a few seconds.',
  png: 'Every frame as a lossless picture, in one zip. For editing; without sound, and large.',
} as const

const STILLS = {
  'image/png': 'Lossless, at the picture’s full size.',
  'image/jpeg': 'Small, opens everywhere. At the picture’s full size.',
  'image/webp': 'Smaller still. At the picture’s full size.',
} as const

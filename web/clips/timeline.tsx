import { createEffect, createMemo, For, onCleanup, onMount, Show } from 'solid-js'
import type { Person } from '../../workers/clip/cast'
import type { ClipInfo } from '../../workers/media/clip-info'
import { useClips } from './clips-context'
import { MarkHandle } from './mark-handle'
import { spoken } from './times'
import './timeline.css'

/** A person who is not seen for longer than this has left the picture. */
const GAP_S = 1

/** The whole clip as a strip of pictures: the playhead, the marks, and who is seen when. */
export function Timeline(props: { readonly info: ClipInfo }) {
  const { bin, viewer, current, playhead, scrub, stepBy, setIn, setOut, complain } = useClips()
  let strip: HTMLDivElement | undefined
  const lengthS = () => Math.max(1e-3, props.info.toS - props.info.fromS)
  const share = (timeS: number) => Math.min(1, Math.max(0, (timeS - props.info.fromS) / lengthS()))
  const inS = () => current()?.marks.inS ?? props.info.fromS
  const outS = () => current()?.marks.outS ?? props.info.toS

  createEffect(() => {
    strip?.style.setProperty('--head', String(share(playhead())))
    strip?.style.setProperty('--in', String(share(inS())))
    strip?.style.setProperty('--out', String(share(outS())))
  })

  const fillStrip = async (widthPx: number) => {
    const { currentId } = bin.state
    const picture = await viewer.fillStrip(widthPx)
    if (picture) bin.setPoster(currentId, picture)
  }

  /** The moment under a pointer. */
  const timeAt = (clientX: number) => {
    const bounds = strip?.getBoundingClientRect()
    if (!bounds) return props.info.fromS
    const at = Math.min(1, Math.max(0, (clientX - bounds.left) / bounds.width))
    return props.info.fromS + at * lengthS()
  }
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return
    strip?.setPointerCapture(event.pointerId)
    scrub(timeAt(event.clientX))
  }
  const drag = (event: PointerEvent) =>
    strip?.hasPointerCapture(event.pointerId) && scrub(timeAt(event.clientX))
  const key = (event: KeyboardEvent) => {
    const page = { PageUp: 10, PageDown: -10 }[event.key]
    if (page === undefined) return
    event.preventDefault()
    stepBy({ seconds: page })
  }

  // As many pictures as fit, when a clip is opened; a window that changes its width shows the same ones, cut to size.
  onMount(() => {
    const filled = new ResizeObserver(([entry]) => {
      if (!entry || entry.contentRect.width === 0) return
      filled.disconnect()
      void fillStrip(entry.contentRect.width).catch(complain)
    })
    if (strip) filled.observe(strip)
    onCleanup(() => filled.disconnect())
  })

  return (
    <div class="timeline-strip" ref={strip}>
      <div
        class="film"
        role="slider"
        tabIndex={0}
        aria-label="Playhead"
        aria-valuemin={0}
        aria-valuemax={lengthS()}
        aria-valuenow={playhead() - props.info.fromS}
        aria-valuetext={`${spoken(playhead() - props.info.fromS)} of ${spoken(lengthS())}`}
        aria-keyshortcuts="ArrowLeft ArrowRight Home End"
        onPointerDown={press}
        onPointerMove={drag}
        onKeyDown={key}
      >
        <For each={viewer.strip()}>{(picture) => <div class="film-picture">{picture}</div>}</For>
      </div>
      <Show when={current()?.scan?.people}>
        {(people) => (
          <For each={people()}>{(person, i) => <Presence person={person} index={i()} share={share} />}</For>
        )}
      </Show>
      <div class="outside outside-before" />
      <div class="outside outside-after" />
      <MarkHandle
        end="in"
        label="Begin"
        timeS={inS() - props.info.fromS}
        lengthS={lengthS()}
        timeAt={timeAt}
        onMove={setIn}
        onNudge={(frames) => setIn(inS() + frames / props.info.video.fps)}
      />
      <MarkHandle
        end="out"
        label="End"
        timeS={outS() - props.info.fromS}
        lengthS={lengthS()}
        timeAt={timeAt}
        onMove={setOut}
        onNudge={(frames) => setOut(outS() + frames / props.info.video.fps)}
      />
      <div class="playhead" aria-hidden="true" />
    </div>
  )
}

/** When a person is in the picture. */
function Presence(props: {
  readonly person: Person
  readonly index: number
  readonly share: (timeS: number) => number
}) {
  const stretches = createMemo(() => {
    const found: { fromS: number; toS: number }[] = []
    for (const { timeS } of props.person.sightings) {
      const last = found.at(-1)
      if (last && timeS - last.toS <= GAP_S) last.toS = timeS
      else found.push({ fromS: timeS, toS: timeS })
    }
    return found
  })
  const place = (bar: HTMLElement, { fromS, toS }: { fromS: number; toS: number }) => {
    bar.style.setProperty('--from', String(props.share(fromS)))
    bar.style.setProperty('--to', String(props.share(toS)))
  }
  return (
    <div class="presence" data-person={props.index % 6} aria-hidden="true">
      <For each={stretches()}>{(stretch) => <i ref={(bar) => place(bar, stretch)} />}</For>
    </div>
  )
}

import Columns2 from 'lucide-solid/icons/columns-2'
import Maximize from 'lucide-solid/icons/maximize'
import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import Volume2 from 'lucide-solid/icons/volume-2'
import VolumeX from 'lucide-solid/icons/volume-x'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { timecode } from '../clips/times'
import { SplitHandle } from '../studio/split-handle'
import { IconButton } from '../ui/button'
import { wordsFor } from '../words/errors'
import './player.css'

interface ComparePlayerProps {
  readonly result: string // URL of a video
  /** URL of the video it was made from, where there is one. */
  readonly before?: string | undefined
  readonly label: string
}

/** Apart by more than this, seconds, the older video jumps to the place of the result. */
const APART_S = 0.12

/** Plays a result, and under a line that can be moved what it was made from, at the same moment. */
export function ComparePlayer(props: ComparePlayerProps) {
  const [isPlaying, setPlaying] = createSignal(false)
  const [isMuted, setMuted] = createSignal(true)
  const [timeS, setTimeS] = createSignal(0)
  const [lengthS, setLengthS] = createSignal(0)
  const [aspect, setAspect] = createSignal(16 / 9)
  const [split, setSplit] = createSignal(0.5)
  const [wantsCompare, setCompare] = createSignal(true)
  const [hasFailed, setFailed] = createSignal(false)
  const [isBeforeThere, setBeforeThere] = createSignal(false)
  let player: HTMLFieldSetElement | undefined
  let frame: HTMLDivElement | undefined
  let scrub: HTMLInputElement | undefined
  let result: HTMLVideoElement | undefined
  let before: HTMLVideoElement | undefined
  const isComparing = () => wantsCompare() && isBeforeThere()

  createEffect(() => scrub?.style.setProperty('--fill', `${(100 * timeS()) / (lengthS() || 1)}%`))
  createEffect(() => frame?.style.setProperty('--aspect', String(aspect())))
  createEffect(() => frame?.style.setProperty('--split', `${100 * split()}%`))

  const sync = () => {
    if (!result) return
    setTimeS(result.currentTime)
    if (!before || !isBeforeThere()) return
    const at = Math.min(result.currentTime, before.duration || 0)
    const hasEnded = result.currentTime >= (before.duration || 0)
    if (Math.abs(before.currentTime - at) > APART_S) before.currentTime = at
    if (result.paused || hasEnded) before.pause()
    else if (before.paused) void before.play().catch(() => undefined) // paused again in the same moment
  }
  let ticking = 0
  const tick = () => {
    sync()
    ticking = requestAnimationFrame(tick)
  }
  createEffect(() => {
    cancelAnimationFrame(ticking)
    if (isPlaying()) tick()
  })
  onCleanup(() => cancelAnimationFrame(ticking))

  /** By itself, but for those who want nothing to move. */
  const begin = () => {
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) void result?.play().catch(() => undefined) // the browser waits for a press
  }
  const toggle = () => {
    if (!result) return
    if (result.paused) void result.play().catch(() => setPlaying(false))
    else result.pause()
  }
  const seek = (to: number) => {
    if (!result) return
    result.currentTime = to
    setTimeS(to)
    if (before && isBeforeThere()) before.currentTime = Math.min(to, before.duration || 0)
  }
  const opened = ({
    currentTarget: { videoWidth, videoHeight, duration },
  }: {
    currentTarget: HTMLVideoElement
  }) => {
    if (videoWidth > 0) setAspect(videoWidth / videoHeight)
    setLengthS(Number.isFinite(duration) ? duration : 0)
  }

  return (
    <fieldset ref={player} class="player" aria-label={props.label}>
      <div class="player-stage">
        <Show
          when={!hasFailed()}
          fallback={
            <div class="curtain" role="alert">
              <h2>{wordsFor('ResultUnplayableError').title}</h2>
              <p>{wordsFor('ResultUnplayableError').text}</p>
            </div>
          }
        >
          <div ref={frame} class="picture" classList={{ 'is-split': isComparing() }}>
            <video
              ref={result}
              class="player-result"
              src={props.result}
              muted={isMuted()}
              loop
              playsinline
              aria-label="Result"
              onLoadedMetadata={opened}
              onDurationChange={opened}
              onLoadedData={begin}
              onPlay={() => setPlaying(true)}
              onPause={() => {
                setPlaying(false)
                sync()
              }}
              onSeeked={sync}
              onError={() => setFailed(true)}
              onClick={toggle}
            />
            <Show when={props.before}>
              {(url) => (
                <video
                  ref={before}
                  class="player-before"
                  src={url()}
                  muted
                  playsinline
                  preload="auto"
                  aria-label="Before"
                  hidden={!isComparing()}
                  onLoadedData={() => {
                    setBeforeThere(true)
                    sync()
                  }}
                  onError={() => setBeforeThere(false)}
                  onClick={toggle}
                />
              )}
            </Show>
            <Show when={isComparing()}>
              <SplitHandle value={split()} onChange={setSplit} />
            </Show>
          </div>
        </Show>
      </div>
      <div class="player-bar">
        <IconButton
          icon={isPlaying() ? Pause : Play}
          label={isPlaying() ? 'Pause' : 'Play'}
          disabled={hasFailed()}
          onClick={toggle}
        />
        <input
          ref={scrub}
          class="player-scrub"
          type="range"
          min="0"
          max={lengthS() || 1}
          step="0.01"
          value={timeS()}
          aria-label="Moment"
          aria-valuetext={timecode(timeS())}
          disabled={hasFailed()}
          onInput={({ currentTarget }) => seek(currentTarget.valueAsNumber)}
        />
        <span class="player-clock">
          <b>{timecode(timeS())}</b>
          <span> / {timecode(lengthS())}</span>
        </span>
        <IconButton
          icon={isMuted() ? VolumeX : Volume2}
          label={isMuted() ? 'Sound on' : 'Sound off'}
          disabled={hasFailed()}
          onClick={() => setMuted((muted) => !muted)}
        />
        <IconButton
          icon={Columns2}
          label="Compare with the video it was made from"
          disabled={!isBeforeThere()}
          pressed={isComparing()}
          onClick={() => setCompare((wanted) => !wanted)}
        />
        <IconButton
          icon={Maximize}
          label="Full screen"
          disabled={hasFailed() || !document.fullscreenEnabled}
          onClick={() => void player?.requestFullscreen().catch(() => undefined)}
        />
      </div>
    </fieldset>
  )
}

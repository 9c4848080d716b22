import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

/** What counts as silence, decibels below full scale. */
const FLOOR_DB = -60
/** Peaks fall by this share of the meter per second. */
const FALL_PER_S = 1.2

/** How loud a track is, 0..1 of the meter: from 60 dB below full scale, its peaks falling slowly. */
export function createSoundLevel(track: Accessor<MediaStreamTrack | undefined>): Accessor<number> {
  const [level, setLevel] = createSignal(0)
  createEffect(() => {
    const now = track()
    if (!now) return
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 2048 })
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([now]) }).connect(analyser)
    void context.resume().catch(() => undefined) // closed meanwhile
    const samples = new Float32Array(analyser.fftSize)
    let lastMs = performance.now()
    let frame = 0
    const look = () => {
      analyser.getFloatTimeDomainData(samples)
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6)
      const share = Math.min(1, Math.max(0, 1 - (20 * Math.log10(peak)) / FLOOR_DB))
      const nowMs = performance.now()
      setLevel((before) => Math.max(share, before - (FALL_PER_S * (nowMs - lastMs)) / 1000, 0))
      lastMs = nowMs
      frame = requestAnimationFrame(look)
    }
    look()
    onCleanup(() => {
      cancelAnimationFrame(frame)
      void context.close()
    })
  })
  return level
}

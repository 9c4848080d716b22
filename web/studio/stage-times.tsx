import { createEffect, createMemo, For, Show } from 'solid-js'
import { Sparkline } from '../ui/sparkline'
import { useUnderstudy } from '../understudy'
import { engineInWords } from './engine-in-words'

const HISTORY = 240
/** A frame at 30 fps: what the bars are measured against when everything is faster. */
const FRAME_MS = 33.3

/** Where a frame's time goes, stage by stage, and how the last minute went. */
export function StageTimes() {
  const { studio } = useUnderstudy()
  const { state } = studio
  const stages = createMemo(() => Object.entries(state.stats?.stages ?? {}))
  const longest = () => Math.max(FRAME_MS, ...stages().map(([, { p95 }]) => p95))
  const rates = () => state.history.map(({ fps }) => fps)
  const latencies = () => state.history.map(({ latencyMs }) => latencyMs)
  return (
    <div class="stage-times">
      <Show when={state.stats} fallback={<p class="hint">Start the picture to see where its time goes.</p>}>
        {(stats) => (
          <>
            <div class="trend">
              <span>Frame rate, last minute</span>
              <b>{stats().fps.toFixed(1)} fps</b>
              <Sparkline
                label="Frame rate over the last minute"
                values={rates()}
                capacity={HISTORY}
                max={Math.max(30, ...rates())}
              />
            </div>
            <div class="trend">
              <span>Latency p95, last minute</span>
              <b>{stats().latencyMs.p95.toFixed(0)} ms</b>
              <Sparkline
                label="Latency over the last minute"
                values={latencies()}
                capacity={HISTORY}
                max={Math.max(60, ...latencies())}
              />
            </div>
            <table>
              <thead>
                <tr>
                  <th scope="col">Stage</th>
                  <th scope="col">
                    <span class="visually-hidden">Share of a frame</span>
                  </th>
                  <th scope="col">p50</th>
                  <th scope="col">p95 ms</th>
                </tr>
              </thead>
              <tbody>
                <For each={stages()}>
                  {([name, { p50, p95 }]) => (
                    <tr>
                      <th scope="row">{name}</th>
                      <td>
                        <Bar p50={p50 / longest()} p95={p95 / longest()} />
                      </td>
                      <td>{p50.toFixed(1)}</td>
                      <td>{p95.toFixed(1)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
            <p class="hint">
              {engineInWords(stats(), state.capabilities)}. {stats().frame.width} × {stats().frame.height},{' '}
              {stats().shown} frames shown, {stats().dropped} dropped; {stats().copiesPerFrame.toFixed(1)}{' '}
              copies between CPU and GPU per frame
            </p>
          </>
        )}
      </Show>
    </div>
  )
}

function Bar(props: { readonly p50: number; readonly p95: number }) {
  let bar: HTMLDivElement | undefined
  createEffect(() => {
    bar?.style.setProperty('--p50', `${props.p50 * 100}%`)
    bar?.style.setProperty('--p95', `${props.p95 * 100}%`)
  })
  return <div ref={bar} class="bar" />
}

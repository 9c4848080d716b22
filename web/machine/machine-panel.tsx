import { createResource, For, type JSX, Show } from 'solid-js'
import { memoryNow, persistStorage, storageNow } from '../platform/capabilities'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'
import { bytesInWords, cameraInWords } from './in-words'
import './machine.css'

/** What this machine can do, as found out by trying, and what that means. */
export function MachinePanel() {
  const { panel, showPanel } = useUnderstudy()
  const isOpen = () => panel() === 'machine'
  return (
    <Dialog kind="drawer" open={isOpen()} title="This machine" onClose={() => showPanel(undefined)}>
      <Drawing />
      <Models />
      <Memory />
      <Page />
    </Dialog>
  )
}

function Fact(props: {
  readonly name: string
  readonly state?: 'good' | 'bad'
  readonly children: JSX.Element
}) {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd data-state={props.state}>{props.children}</dd>
    </div>
  )
}

const ms = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(1)} ms`)

function Drawing() {
  const { studio } = useUnderstudy()
  const found = () => studio.state.capabilities
  const chosen = () => studio.state.stats?.compositor ?? found()?.compositor
  return (
    <section>
      <h3>Drawing</h3>
      <Show when={found()} fallback={<p class="hint">Being measured…</p>}>
        {(capabilities) => (
          <dl>
            <Fact name="WebGPU" state={capabilities().webgpu ? 'good' : 'bad'}>
              {capabilities().webgpu ? 'Available' : 'Not available in this browser'}
            </Fact>
            <Show when={capabilities().webgpu}>
              {(webgpu) => (
                <Fact name="Adapter">
                  {webgpu().adapter || 'unnamed'}
                  {webgpu().software ? ', drawn in software' : ''}
                </Fact>
              )}
            </Show>
            <Fact name="WebGPU compositor">
              <Measured value={capabilities().compositorMs.webgpu} isChosen={chosen() === 'webgpu'} />
            </Fact>
            <Fact name="CPU compositor">
              <Measured value={capabilities().compositorMs.cpu} isChosen={chosen() === 'cpu'} />
            </Fact>
          </dl>
        )}
      </Show>
      <p class="hint">Measured on a 640 × 480 picture; the faster one draws.</p>
    </section>
  )
}

function Measured(props: { readonly value: number | undefined; readonly isChosen: boolean }) {
  return (
    <>
      {ms(props.value)}
      <Show when={props.isChosen}>
        <span class="tag">in use</span>
      </Show>
    </>
  )
}

function Models() {
  const { studio } = useUnderstudy()
  const found = () => studio.state.capabilities
  return (
    <section>
      <h3>Models</h3>
      <Show when={found()} fallback={<p class="hint">Being measured…</p>}>
        {(capabilities) => (
          <table class="models">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">WASM</th>
                <th scope="col">WebGPU</th>
              </tr>
            </thead>
            <tbody>
              <For each={capabilities().models}>
                {({ id, task, provider, measuredMs }) => (
                  <tr>
                    <th scope="row" title={id}>
                      {task}
                    </th>
                    <td data-chosen={provider === 'wasm'}>{ms(measuredMs.wasm)}</td>
                    <td data-chosen={provider === 'webgpu'}>{ms(measuredMs.webgpu)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </Show>
      <p class="hint">
        One run of each; the provider in bold is in use. A dash: not tried, as it cannot win here.
      </p>
    </section>
  )
}

function Memory() {
  const { notices } = useUnderstudy()
  const [storage, { refetch }] = createResource(storageNow)
  const [memory] = createResource(memoryNow)
  const { studio } = useUnderstudy()
  const persist = async () => {
    const granted = await persistStorage()
    if (!granted) {
      const text = 'Installing the app or adding it to the bookmarks usually changes its mind.'
      notices.say('info', { title: 'The browser did not agree', text })
    }
    await refetch()
  }
  return (
    <section>
      <h3>Memory and storage</h3>
      <dl>
        <Fact name="Threads">{studio.state.capabilities?.threads ?? navigator.hardwareConcurrency}</Fact>
        <Fact name="Memory">
          {navigator.deviceMemory ? `${navigator.deviceMemory} GB or more` : 'The browser does not tell'}
        </Fact>
        <Fact name="Used by this page">{memory() ? bytesInWords(memory() ?? 0) : '–'}</Fact>
        <Show when={storage()}>
          {(now) => (
            <>
              <Fact name="Stored">
                {bytesInWords(now().usedBytes)} of {bytesInWords(now().quotaBytes)}
              </Fact>
              <Fact name="Kept when space runs short" state={now().persisted ? 'good' : 'bad'}>
                {now().persisted ? 'Yes' : 'Not promised'}
                <Show when={!now().persisted}>
                  <Button onClick={() => void persist()}>Ask the browser</Button>
                </Show>
              </Fact>
            </>
          )}
        </Show>
      </dl>
    </section>
  )
}

function Page() {
  const { studio, install } = useUnderstudy()
  return (
    <section>
      <h3>Camera and app</h3>
      <dl>
        <Fact name="Camera">{cameraInWords(studio.camera.state(), studio.camera.devices().length)}</Fact>
        <Fact name="Threads in WebAssembly" state={crossOriginIsolated ? 'good' : 'bad'}>
          {crossOriginIsolated ? 'Allowed (cross-origin isolated)' : 'Off: the server sends no COOP and COEP'}
        </Fact>
        <Fact name="Offline" state={install.offlineReady() ? 'good' : 'bad'}>
          {install.offlineReady() ? 'Ready: works with the network off' : 'Not yet'}
        </Fact>
        <Fact name="Installed">
          {install.installed ? 'Yes' : 'No'}
          <Show when={install.canInstall()}>
            <Button onClick={() => void install.install()}>Install</Button>
          </Show>
        </Fact>
      </dl>
    </section>
  )
}

import Smartphone from 'lucide-solid/icons/smartphone'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import {
  askPairing,
  newPairingCode,
  type PairedDevice,
  type PairingCode,
  type PairState,
  pairedDevices,
  removeDevice,
} from '../edge/pairing'
import { Button, IconButton } from '../ui/button'
import { useUnderstudy } from '../understudy'
import './phones.css'

/** While a code is shown the list is looked at this often: the phone that used it appears. */
const LOOK_MS = 2000

/** Which phones may use the server, and letting another one in. Nothing where there is no server. */
export function PhonesSection() {
  const { complain } = useUnderstudy()
  const [state, setState] = createSignal<PairState>()
  const [devices, setDevices] = createSignal<readonly PairedDevice[]>([])
  const [code, setCode] = createSignal<PairingCode>()
  let watching: ReturnType<typeof setInterval> | undefined
  const stopWatching = () => clearInterval(watching)
  onCleanup(stopWatching)

  const hideCode = () => {
    setCode(undefined)
    stopWatching()
  }
  const look = async () => {
    const before = new Set(devices().map(({ id }) => id))
    const now = await pairedDevices()
    setDevices(now)
    const shown = code()
    if (shown && (shown.endsMs <= Date.now() || now.some(({ id }) => !before.has(id)))) hideCode()
  }
  const open = async () => {
    const asked = await askPairing().catch(() => undefined) // without a server there is nothing to show
    setState(asked)
    if (asked?.lan) await look()
  }
  const pair = async () => {
    setCode(await newPairingCode())
    stopWatching()
    watching = setInterval(() => void look().catch(hideCode), LOOK_MS)
  }
  const remove = async (device: PairedDevice) => {
    await removeDevice(device.id)
    if (state()?.client === 'device')
      location.reload() // it is a stranger now
    else await look()
  }
  const run = (work: Promise<void>) => void work.catch(complain)
  run(open())

  return (
    <Show when={state()}>
      {(asked) => (
        <section>
          <h3>Phones</h3>
          <Switch>
            <Match when={!asked().lan}>
              <p>
                To use it from a phone, start the server with <code>npm start -- --lan</code>.
              </p>
            </Match>
            <Match when={asked().client === 'owner'}>
              <Show
                when={code()}
                fallback={
                  <div class="row">
                    <p>A phone in your network can use this server once it is paired.</p>
                    <Button icon={Smartphone} onClick={() => run(pair())}>
                      Pair a phone
                    </Button>
                  </div>
                }
              >
                {(shown) => <Code code={shown()} onClose={hideCode} />}
              </Show>
            </Match>
          </Switch>
          <ul class="phones">
            <For each={devices()}>
              {(device) => (
                <li class="row">
                  <p>
                    {asked().client === 'device' ? `This device: ${device.name}` : device.name}
                    <small>{`paired on ${day(device.firstSeenMs)}, last here on ${day(device.lastSeenMs)}`}</small>
                  </p>
                  <IconButton
                    icon={Trash}
                    label={`Remove ${device.name}`}
                    onClick={() => run(remove(device))}
                  />
                </li>
              )}
            </For>
          </ul>
        </section>
      )}
    </Show>
  )
}

function Code(props: { readonly code: PairingCode; readonly onClose: () => void }) {
  const ends = () => new Date(props.code.endsMs).toLocaleTimeString(undefined, { timeStyle: 'short' })
  return (
    <div class="pairing">
      <img src={`data:image/svg+xml,${encodeURIComponent(props.code.svg)}`} alt="Pairing code" />
      <div>
        <p>Scan this with the phone, or open the link on it. It works once, until {ends()}.</p>
        <p>
          <a href={props.code.url}>{props.code.url}</a>
        </p>
        <p>Its browser warns once, because the certificate was made by your own server.</p>
        <Button onClick={props.onClose}>Done</Button>
      </div>
    </div>
  )
}

const day = (ms: number): string => new Date(ms).toLocaleDateString(undefined, { dateStyle: 'medium' })

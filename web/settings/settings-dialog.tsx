import Download from 'lucide-solid/icons/download'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, lazy, Show, Suspense } from 'solid-js'
import { eraseEverything } from '../storage/erase'
import { erasingFailed } from '../storage/erasing'
import { Button } from '../ui/button'
import { Segmented } from '../ui/choice'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'
import { explain } from '../words/errors'
import { RecognitionSection } from './recognition-section'
import { StorageSection } from './storage-section'
import './settings.css'

// It asks the server, which is not there for everybody.
const PhonesSection = lazy(async () => ({ default: (await import('./phones-section')).PhonesSection }))

export function SettingsDialog() {
  const { panel, showPanel, settings, consent, sources, install } = useUnderstudy()
  const [isErasing, setErasing] = createSignal(false)
  const close = () => {
    setErasing(false)
    showPanel(undefined)
  }
  const given = () => new Date(settings.settings.consentedAt)
  const withdraw = () => {
    consent.withdraw()
    void sources.use('')
  }
  const erase = () => eraseEverything().catch((error) => erasingFailed(explain(error)))
  return (
    <Dialog open={panel() === 'settings'} title="Settings" onClose={close}>
      <section>
        <Segmented
          label="Theme"
          value={settings.settings.theme}
          options={[
            { value: 'dark', label: 'Dark' },
            { value: 'light', label: 'Light' },
            { value: 'system', label: 'As the system' },
          ]}
          onChange={(theme) => settings.change({ theme })}
        />
      </section>
      <Show when={install.canInstall()}>
        <section>
          <h3>App</h3>
          <div class="row">
            <p>As an app it has its own window and opens without a network.</p>
            <Button icon={Download} onClick={() => void install.install()}>
              Install
            </Button>
          </div>
        </section>
      </Show>
      <Suspense>
        <PhonesSection />
      </Suspense>
      <StorageSection />
      <RecognitionSection />
      <section>
        <h3>Consent</h3>
        <Show
          when={consent.isGiven()}
          fallback={
            <div class="row">
              <p>Not given: the picture does not start.</p>
              <Button onClick={() => void consent.ask()}>Give consent</Button>
            </div>
          }
        >
          <div class="row">
            <p>
              Given on {given().toLocaleDateString(undefined, { dateStyle: 'long' })}: my own face, or I have
              permission.
            </p>
            <Button onClick={withdraw}>Withdraw</Button>
          </div>
        </Show>
      </section>
      <section>
        <h3>Privacy</h3>
        <p>
          Nothing leaves this device, but for the files of a job when you press Generate: those go to your
          server and your GPU box. Characters, settings, clips, recordings and your consent are kept in this
          browser; camera pictures are stored only while you record.
        </p>
        <Show
          when={isErasing()}
          fallback={
            <Button icon={Trash} onClick={() => setErasing(true)}>
              Delete everything stored here
            </Button>
          }
        >
          <div class="row">
            <p>
              All characters, settings, clips, recordings and results will be gone, in every window. This
              cannot be undone.
            </p>
            <Button look="danger" icon={Trash} onClick={() => void erase()}>
              Delete everything
            </Button>
          </div>
        </Show>
      </section>
    </Dialog>
  )
}

import Trash from 'lucide-solid/icons/trash'
import { createSignal, Show } from 'solid-js'
import { eraseEverything } from '../storage/db'
import { Button } from '../ui/button'
import { Segmented } from '../ui/choice'
import { Dialog } from '../ui/dialog'
import { useUnderstudy } from '../understudy'

export function SettingsDialog() {
  const { panel, showPanel, settings, consent, sources } = useUnderstudy()
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
  const erase = () => eraseEverything().finally(() => location.reload())
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
          Nothing leaves this device. Characters, settings and your consent are kept in this browser; camera
          pictures are never stored.
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
            <p>All characters and settings will be gone. This cannot be undone.</p>
            <Button look="danger" icon={Trash} onClick={() => void erase()}>
              Delete everything
            </Button>
          </div>
        </Show>
      </section>
    </Dialog>
  )
}

import { ConsentDialog } from './consent/consent-dialog'
import { HelpSheet } from './help/help-sheet'
import { MachinePanel } from './machine/machine-panel'
import { Pages } from './navigation/pages'
import { SettingsDialog } from './settings/settings-dialog'
import { DropZone } from './sources/drop-zone'
import { FaceDialog } from './sources/face-dialog'
import { exposeAutomation } from './studio/automation'
import { createShortcuts } from './studio/shortcuts'
import { TopBar } from './top-bar'
import { Toaster } from './ui/toaster'
import { createUnderstudy, UnderstudyContext } from './understudy'
import './app.css'
import './ui/overlays.css'
import './ui/ui.css'

export function App() {
  const understudy = createUnderstudy()
  createShortcuts(understudy)
  exposeAutomation(understudy)
  return (
    <UnderstudyContext.Provider value={understudy}>
      <TopBar />
      <Pages />
      <MachinePanel />
      <SettingsDialog />
      <HelpSheet />
      <FaceDialog question={understudy.sources.state.question} />
      <ConsentDialog consent={understudy.consent} />
      <Toaster notices={understudy.notices} />
      <DropZone />
    </UnderstudyContext.Provider>
  )
}

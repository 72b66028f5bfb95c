import { useStore } from 'zustand'
import { ActivityDrawer } from '../activity/activity-drawer'
import { ExportsDrawer } from '../export/exports-drawer'
import { Library } from '../library/library'
import { RemoveDialog } from '../library/remove-dialog'
import { TrashDialog } from '../library/trash-dialog'
import { SettingsDrawer } from '../settings/settings-drawer'
import { Toasts } from '../ui/toasts'
import { texts } from '../ui/texts'
import './app.css'
import { Refused } from './refused'
import { useServices } from './services-context'
import { ShortcutsDialog } from './shortcuts-dialog'
import { Stage } from './stage'
import { TopBar } from './top-bar'
import { useKeyboard } from './use-keyboard'

/** The whole window: bar on top, library, stage, drawer. */
export function App() {
  const { ui } = useServices()
  const connection = useStore(ui.store, (state) => state.connection)
  const drawer = useStore(ui.store, (state) => state.drawer)
  useKeyboard()
  if (connection === 'no-token' || connection === 'token-refused') {
    return <Refused why={connection} />
  }
  return (
    <div className="app" data-drawer={drawer === undefined ? 'closed' : 'open'}>
      <TopBar />
      <Library />
      <Stage />
      {drawer === 'exports' && <ExportsDrawer />}
      {drawer === 'activity' && <ActivityDrawer />}
      {drawer === 'settings' && <SettingsDrawer />}
      <RemoveDialog />
      <TrashDialog />
      <ShortcutsDialog />
      <div className="notices">
        {connection === 'lost' && (
          <output className="connection-lost">{texts.connection.lost}</output>
        )}
        <Toasts />
      </div>
    </div>
  )
}

import { Activity, Download, Keyboard, Settings } from 'lucide-react'
import { useStore } from 'zustand'
import { UrlBar } from '../library/url-bar'
import { activeJobs } from '../stores/exports-store'
import type { DrawerName } from '../stores/ui-store'
import { IconButton } from '../ui/icon-button'
import { texts } from '../ui/texts'
import { useServices } from './services-context'

/** Mark, URL bar, and the buttons of the drawers. */
export function TopBar() {
  const { ui, exports } = useServices()
  const drawer = useStore(ui.store, (state) => state.drawer)
  const active = useStore(exports.store, activeJobs)
  const drawerButton = (name: DrawerName, label: string, Icon: typeof Activity) => (
    <IconButton
      label={label}
      pressed={drawer === name}
      testId={`${name}-toggle`}
      onClick={() => ui.toggleDrawer(name)}
    >
      <Icon aria-hidden />
      {name === 'exports' && active > 0 && <span className="count">{active}</span>}
    </IconButton>
  )
  return (
    <header className="top-bar">
      <div className="mark" title={texts.product}>
        <span className="mark-dot" aria-hidden />
        <h1>VSR</h1>
      </div>
      <UrlBar />
      <nav className="top-tools" aria-label={texts.product}>
        {drawerButton('exports', texts.export.title, Download)}
        {drawerButton('activity', texts.activity.title, Activity)}
        {drawerButton('settings', texts.settings.title, Settings)}
        <IconButton
          label={texts.shortcuts.open}
          onClick={() => ui.store.setState({ shortcutsOpen: true })}
        >
          <Keyboard aria-hidden />
        </IconButton>
      </nav>
    </header>
  )
}

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useServices } from '../app/services-context'
import { IconButton } from './icon-button'
import { texts } from './texts'

/** The panel on the right. Not modal: the picture goes on beside it. */
export function Drawer({ title, children }: { title: string; children: ReactNode }) {
  const { ui } = useServices()
  return (
    <aside className="drawer" aria-label={title}>
      <div className="drawer-head">
        <h2>{title}</h2>
        <IconButton label={texts.drawer.close} onClick={ui.closeDrawer}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className="drawer-body">{children}</div>
    </aside>
  )
}

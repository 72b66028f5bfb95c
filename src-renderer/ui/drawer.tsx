import { X } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useServices } from '../app/services-context'
import './drawer.css'
import { IconButton } from './icon-button'
import { openerNow } from './opener'
import { texts } from './texts'

/** The panel on the right. Not modal: the picture goes on beside it. Focus that was in it goes back to what opened it. */
export function Drawer({ title, children }: { title: string; children: ReactNode }) {
  const { ui } = useServices()
  useEffect(() => openerNow().giveBack, [])
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

import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type { HostMenu, MenuView } from './menu'
import { strict } from './strict'

/** What specs see and do with a tray icon. */
export interface TrayHandle {
  state(): { image: string; tooltip: string; menu: readonly MenuView[] }
  click(): void
  clickMenu(path: readonly string[]): void
}

/** https://www.electronjs.org/docs/latest/api/tray: an icon from a file, a tooltip, a menu, clicks. */
export function createTrays() {
  const trays = new Set<TrayHandle>()

  function Tray(firstImage: string) {
    const events = new EventEmitter()
    let image = ''
    let tooltip = ''
    let menu: HostMenu | null = null

    const setImage = (file: string) => {
      if (!existsSync(file)) throw new Error(`Failed to load image from path '${file}'`)
      image = file
    }
    const handle: TrayHandle = {
      state: () => ({ image, tooltip, menu: menu?.view() ?? [] }),
      click: () => {
        events.emit('click')
      },
      clickMenu: (path) => {
        if (menu === null) throw new Error('the tray has no menu')
        menu.click(path)
      },
    }
    setImage(firstImage)
    trays.add(handle)
    return strict('Tray', {
      setImage,
      setToolTip: (text: string) => {
        tooltip = text
      },
      setContextMenu: (next: HostMenu | null) => {
        menu = next
      },
      on: (name: string, listener: () => void) => events.on(name, listener),
      destroy: () => trays.delete(handle),
      isDestroyed: () => !trays.has(handle),
    })
  }
  return { Tray, trays }
}

import { onlyKnown, strict } from './strict'

export interface MenuItemTemplate {
  readonly id?: string
  readonly label?: string
  readonly type?: string
  readonly role?: string
  readonly enabled?: boolean
  readonly visible?: boolean
  readonly click?: () => void
  readonly submenu?: readonly MenuItemTemplate[]
}

/** What a person sees of a menu, and specs read. */
export interface MenuView {
  readonly label: string
  readonly type: string
  readonly enabled: boolean
  readonly submenu: readonly MenuView[]
}

const ITEM_OPTIONS: ReadonlySet<string> = new Set([
  'id',
  'label',
  'type',
  'role',
  'enabled',
  'visible',
  'click',
  'submenu',
])
const TYPES: ReadonlySet<string> = new Set(['normal', 'separator', 'submenu'])

/** https://www.electronjs.org/docs/latest/api/menu: built from a template, shown by a tray. */
export class HostMenu {
  readonly items: readonly MenuItemTemplate[]

  constructor(items: readonly MenuItemTemplate[]) {
    for (const item of items) {
      onlyKnown('MenuItem', item, ITEM_OPTIONS)
      if (item.type !== undefined && !TYPES.has(item.type)) {
        throw new Error(`electron-host does not implement menu items of type ${item.type}`)
      }
      if (item.label === undefined && item.role === undefined && item.type !== 'separator') {
        throw new TypeError(
          'Invalid template for MenuItem: must have at least one of label, role or type',
        )
      }
      if (item.submenu !== undefined) new HostMenu(item.submenu)
    }
    this.items = items
  }

  view(): readonly MenuView[] {
    return viewOf(this.items)
  }

  /** Clicks the item behind these labels, each given by its beginning. Throws when a person could not. */
  click(path: readonly string[]): void {
    let items = this.items
    let found: MenuItemTemplate | undefined
    for (const label of path) {
      found = items.find((item) => item.visible !== false && item.label?.startsWith(label))
      if (found === undefined) throw new Error(`no menu item ${path.join(' > ')}`)
      if (found.enabled === false) throw new Error(`the menu item ${path.join(' > ')} is disabled`)
      items = found.submenu ?? []
    }
    found?.click?.()
  }
}

function viewOf(items: readonly MenuItemTemplate[]): readonly MenuView[] {
  return items
    .filter((item) => item.visible !== false)
    .map((item) => ({
      label: item.label ?? item.role ?? '',
      type: item.type ?? (item.submenu === undefined ? 'normal' : 'submenu'),
      enabled: item.enabled !== false,
      submenu: viewOf(item.submenu ?? []),
    }))
}

export function createMenuApi() {
  let applicationMenu: HostMenu | null = null
  return strict('Menu', {
    buildFromTemplate: (template: readonly MenuItemTemplate[]) => new HostMenu(template),
    setApplicationMenu: (menu: HostMenu | null) => {
      applicationMenu = menu
    },
    getApplicationMenu: () => applicationMenu,
  })
}

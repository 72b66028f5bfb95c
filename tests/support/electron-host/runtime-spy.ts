import type { DialogView } from './host/dialog'
import type { MenuItemTemplate, MenuView } from './host/menu'

/** What the spy has seen; plain data, so that it crosses to the specs. */
export interface Spied {
  readonly tray: { image: string; tooltip: string; menu: readonly MenuView[] }
  readonly dialogs: DialogView[]
  readonly shellCalls: { method: string; target: string }[]
  readonly powerBlockers: string[]
}

type AnyFunction = (...args: never[]) => unknown
/** Electron's classes and objects as the spy sees them: things with methods to replace. */
type Patchable = Record<string, AnyFunction>
interface ElectronLike {
  readonly Tray: { readonly prototype: object }
  readonly dialog: object
  readonly shell: object
  readonly powerSaveBlocker: object
  readonly session: { readonly defaultSession: object }
  readonly ipcMain: object
}

/**
 * Runs inside Electron's main process, sent there as text: it must not use anything from outside of itself. Replaces what
 * would need a person (dialogs, links, folders) and notes down what the tray and the power blocker are told.
 */
export function installSpy(electron: ElectronLike): void {
  const tray: { image: string; tooltip: string; menu: readonly MenuView[] } = {
    image: '',
    tooltip: '',
    menu: [],
  }
  const dialogs: DialogView[] = []
  const shellCalls: { method: string; target: string }[] = []
  const blockers = new Map<number, string>()
  const waiting: { view: DialogView; press: (response: number) => void }[] = []
  const permission: Record<string, ((...args: unknown[]) => unknown) | undefined> = {}
  let items: readonly MenuItemTemplate[] = []
  let trayItself: { emit(name: string): void } | undefined

  const replace = (target: object, name: string, make: (original: AnyFunction) => AnyFunction) => {
    const patchable = target as Patchable
    const original = patchable[name]
    if (original === undefined) throw new Error(`Electron has no ${name}`)
    patchable[name] = make(original.bind(target) as AnyFunction)
  }
  const viewOf = (list: readonly MenuItemTemplate[]): readonly MenuView[] =>
    list
      .filter((item) => item.visible !== false)
      .map((item) => ({
        label: item.label ?? item.role ?? '',
        type: item.type ?? 'normal',
        enabled: item.enabled !== false,
        // A built menu keeps its rows one level further down than a template.
        submenu: viewOf((item.submenu as { items?: MenuItemTemplate[] } | undefined)?.items ?? []),
      }))

  const prototype = electron.Tray.prototype as Patchable
  const note = (name: string, take: (value: never) => void) => {
    const original = prototype[name]
    if (original === undefined) throw new Error(`Electron's Tray has no ${name}`)
    prototype[name] = new Proxy(original, {
      apply: (method, self: { emit(name: string): void }, args: [never]) => {
        trayItself = self
        take(args[0])
        return Reflect.apply(method, self, args)
      },
    })
  }
  note('setImage', (value) => {
    tray.image = String(value)
  })
  note('setToolTip', (value) => {
    tray.tooltip = String(value)
  })
  note('setContextMenu', (value) => {
    items = (value as { items: MenuItemTemplate[] }).items
    tray.menu = viewOf(items)
  })

  replace(electron.dialog, 'showMessageBox', () => (options: Omit<DialogView, 'kind'>) => {
    const { title, message, detail, buttons } = options
    const view: DialogView = {
      kind: 'message',
      title: title ?? '',
      message,
      detail: detail ?? '',
      buttons: buttons ?? ['OK'],
    }
    dialogs.push(view)
    return new Promise((resolve) => {
      waiting.push({
        view,
        press: (response) => {
          view.response = response
          resolve({ response, checkboxChecked: false })
        },
      })
    })
  })
  for (const [method, answer] of [
    ['openExternal', Promise.resolve()],
    ['openPath', Promise.resolve('')],
    ['showItemInFolder', undefined],
  ] as const) {
    replace(electron.shell, method, () => (target: string) => {
      shellCalls.push({ method, target })
      return answer
    })
  }
  replace(electron.powerSaveBlocker, 'start', (original) => (type: string) => {
    const id = original(type as never) as number
    blockers.set(id, type)
    return id
  })
  replace(electron.powerSaveBlocker, 'stop', (original) => (id: number) => {
    blockers.delete(id)
    return original(id as never)
  })
  for (const name of ['setPermissionCheckHandler', 'setPermissionRequestHandler']) {
    replace(electron.session.defaultSession, name, (original) => (handler: never) => {
      permission[name] = handler
      return original(handler)
    })
  }

  const spy = {
    tray,
    dialogs,
    shellCalls,
    get powerBlockers() {
      return [...blockers.values()]
    },
    clickTray: () => trayItself?.emit('click'),
    clickTrayMenu: (path: readonly string[]) => {
      let level = items
      let found: MenuItemTemplate | undefined
      for (const label of path) {
        found = level.find((item) => item.label?.startsWith(label))
        if (found?.enabled !== true) throw new Error(`no menu item ${path.join(' > ')}`)
        level = (found.submenu as { items?: MenuItemTemplate[] } | undefined)?.items ?? []
      }
      found?.click?.()
    },
    pressButton: (button: string) => {
      const open = waiting.shift()
      const index = open?.view.buttons.indexOf(button) ?? -1
      if (open === undefined || index === -1) throw new Error(`no open dialog has ${button}`)
      open.press(index)
    },
    askPermission: async ({ permission: name, url }: { permission: string; url: string }) => ({
      check: permission.setPermissionCheckHandler?.(null, name, new URL(url).href, {}) === true,
      request: await new Promise((resolve) => {
        permission.setPermissionRequestHandler?.(null, name, resolve, { requestingUrl: url })
      }),
    }),
    forgeIpc: async (message: {
      url: string
      isMainFrame: boolean
      channel: string
      args: readonly unknown[]
    }) => {
      // Where Electron keeps what ipcMain.handle was given.
      const handlers = Reflect.get(electron.ipcMain, '_invokeHandlers') as Map<string, AnyFunction>
      const senderFrame = { url: message.url, parent: message.isMainFrame ? null : {} }
      const handler = handlers.get(message.channel) as (...args: unknown[]) => unknown
      return { ok: true, payload: JSON.stringify(await handler({ senderFrame }, ...message.args)) }
    },
  }
  Reflect.set(globalThis, 'vsrSpy', spy)
}

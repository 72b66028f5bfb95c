import { encodeWire } from '../wire'
import type { Host } from './host'

/** What specs can see and do from outside, beside driving the pages themselves. */
function createControl(host: Host) {
  const window = (id: number) => {
    const found = host.windows.get(id)
    if (found === undefined) throw new Error(`there is no window ${id}`)
    return found
  }
  const tray = () => {
    const [only, another] = host.tray.trays
    if (only === undefined || another !== undefined)
      throw new Error('there is not exactly one tray')
    return only
  }
  return {
    endpoint: () => host.chromium.endpoint(),
    windows: () =>
      [...host.windows.entries()]
        .filter(([, { isDestroyed }]) => !isDestroyed())
        .map(([id, { isVisible, preferences, url }]) => ({
          id,
          visible: isVisible(),
          url: url(),
          webPreferences: preferences,
        })),
    closeWindow: ({ id }: { id: number }) => window(id).close(),
    tray: () => tray().state(),
    hasTray: () => host.tray.trays.size > 0,
    clickTray: () => {
      tray().click()
    },
    clickTrayMenu: ({ path }: { path: readonly string[] }) => {
      tray().clickMenu(path)
    },
    dialogs: () => host.dialog.shown(),
    pressButton: ({ button }: { button: string }) => {
      host.dialog.press(button)
    },
    shellCalls: () => host.system.shellCalls,
    powerBlockers: () => [...host.system.blockers.values()],
    power: ({ event }: { event: string }) => {
      host.system.powerEvents.emit(event)
    },
    askPermission: ({ permission, url }: { permission: string; url: string }) =>
      host.session.ask(permission, url),
    forgeIpc: (message: {
      window: number
      url: string
      isMainFrame: boolean
      channel: string
      args: readonly unknown[]
    }) =>
      window(message.window).forge(
        message.url,
        message.isMainFrame,
        message.channel,
        encodeWire(message.args),
      ),
    quit: () => {
      host.app.api.quit()
    },
  }
}

export type Control = ReturnType<typeof createControl>
export type ControlMethod = keyof Control

interface ControlRequest {
  readonly id: number
  readonly method: ControlMethod
  readonly params: unknown
}

export interface ControlReply {
  readonly id: number
  readonly ok: boolean
  readonly value?: unknown
  readonly message?: string
}

/** Answers the spec's process over Node's own channel; ends with it, so that nothing is left behind. */
export function serveControl(host: Host): void {
  const control = createControl(host)
  const answer = async ({ id, method, params }: ControlRequest): Promise<ControlReply> => {
    try {
      // Each method is called with its own parameters by the typed client in desktop-app.ts.
      const call = control[method] as (params: unknown) => unknown
      return { id, ok: true, value: await call(params) }
    } catch (error) {
      return { id, ok: false, message: error instanceof Error ? error.message : String(error) }
    }
  }
  process.on('message', (request: ControlRequest) => {
    void answer(request).then((reply) => process.send?.(reply))
  })
  process.on('disconnect', () => {
    host.app.api.exit(1)
  })
}

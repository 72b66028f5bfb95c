import { decodeWire, encodeWire } from '../wire'
import { strict } from './strict'

/** The sender as https://www.electronjs.org/docs/latest/api/structures/ipc-main-invoke-event describes it. */
export interface IpcEvent {
  readonly type: 'frame'
  readonly sender: object
  readonly senderFrame: {
    readonly url: string
    readonly origin: string
    readonly parent: object | null
  } | null
  readonly frameId: number
  readonly processId: number
}

type InvokeHandler = (event: IpcEvent, ...args: unknown[]) => unknown
export type InvokeResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly message: string }

/** https://www.electronjs.org/docs/latest/api/ipc-main: `handle` only, which is all that VSR uses. */
export function createIpcMain() {
  const handlers = new Map<string, InvokeHandler>()
  const api = {
    handle: (channel: string, handler: InvokeHandler) => {
      if (handlers.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`)
      }
      handlers.set(channel, handler)
    },
    removeHandler: (channel: string) => {
      handlers.delete(channel)
    },
  }
  return {
    api: strict('ipcMain', api),
    /** What `ipcRenderer.invoke` comes to. `args` and the result are copies; of errors only the text crosses. */
    invoke: async (event: IpcEvent, channel: string, args: string): Promise<InvokeResult> => {
      try {
        const handler = handlers.get(channel)
        if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
        // An argument list, encoded by the preload's world.
        const values = decodeWire(args) as unknown[]
        return { ok: true, payload: encodeWire(await handler(event, ...values)) }
      } catch (error) {
        return { ok: false, message: `Error invoking remote method '${channel}': ${String(error)}` }
      }
    },
  }
}

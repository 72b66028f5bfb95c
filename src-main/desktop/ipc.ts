import { type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { ApiError } from '../../src-preload/contract/errors'
import type { VsrEvent } from '../../src-preload/contract/events'
import { IPC_EVENT, IPC_INVOKE } from '../../src-preload/contract/transport'
import type { Dispatcher } from '../api/dispatcher'
import type { Logger } from '../ports/logger'
import { isAppUrl } from './app-url'

const REFUSED: ApiError = {
  code: 'forbidden_origin',
  message: 'Only VSR’s own window may ask for this.',
}

/**
 * The two IPC channels: requests in, events out. Requests are taken only from the main frame of our own interface (S28);
 * the dispatcher checks what they say. Returns the function that closes both.
 */
export function serveIpc(options: {
  dispatcher: Dispatcher
  /** Hands an event to the window, if there is one. */
  send: (channel: string, event: VsrEvent) => void
  logger: Logger
}): () => void {
  const { dispatcher, send, logger } = options
  ipcMain.handle(IPC_INVOKE, async (event, method: unknown, input: unknown) => {
    if (!isOwnMainFrame(event)) {
      logger.warn(
        { frame: event.senderFrame?.origin },
        'a request from a foreign frame was refused',
      )
      return { ok: false, error: REFUSED }
    }
    return dispatcher.dispatch(typeof method === 'string' ? method : '', input)
  })
  const unsubscribe = dispatcher.subscribe((event) => {
    send(IPC_EVENT, event)
  })
  return () => {
    unsubscribe()
    ipcMain.removeHandler(IPC_INVOKE)
  }
}

function isOwnMainFrame(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isAppUrl(frame.url)
}

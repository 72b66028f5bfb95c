import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { VsrEvent } from './contract/events'
import { IPC_EVENT, IPC_INVOKE, TRANSPORT_GLOBAL, type Transport } from './contract/transport'

/** The one thing that the page sees of the desktop. The dispatcher checks what arrives; the page is trusted with the types. */
const transport: Transport = {
  // The dispatcher answers every method with the reply that the contract names for it.
  invoke: (method, input) => ipcRenderer.invoke(IPC_INVOKE, method, input),
  // IPC does not lose its connection, so `onReconnect` is never called.
  subscribe: (onEvent) => {
    const listener = (_event: IpcRendererEvent, event: VsrEvent) => {
      onEvent(event)
    }
    ipcRenderer.on(IPC_EVENT, listener)
    return () => {
      ipcRenderer.removeListener(IPC_EVENT, listener)
    }
  },
}

contextBridge.exposeInMainWorld(TRANSPORT_GLOBAL, transport)

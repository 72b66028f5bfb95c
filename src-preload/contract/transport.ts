import type { ApiError } from './errors'
import type { VsrEvent } from './events'
import type { MethodInput, MethodName, MethodOutput } from './methods'

/** What a dispatcher answers: it never throws, since Electron strips the fields of custom errors. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError }

/** All that a host supplies to the interface. Two hosts: IPC and HTTP + WebSocket. */
export interface Transport {
  invoke<M extends MethodName>(method: M, input: MethodInput<M>): Promise<Reply<MethodOutput<M>>>
  /** Returns the function that ends the subscription. After a lost connection `onReconnect` is called once events flow again. */
  subscribe(onEvent: (event: VsrEvent) => void, onReconnect?: () => void): () => void
}

/** The two IPC channels, and the name under which the preload shows the transport to the page. */
export const IPC_INVOKE = 'vsr:invoke'
export const IPC_EVENT = 'vsr:event'
export const TRANSPORT_GLOBAL = 'vsrTransport'

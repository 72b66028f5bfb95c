import { TRANSPORT_GLOBAL, type Transport } from '../../src-preload/contract/transport'
import {
  type ConnectionStatus,
  createHttpTransport,
  type EventSocket,
  exportDownloadUrl,
} from './http-transport'
import { takePageToken } from './page-token'

/** How this page reaches the engine. */
export interface Connection {
  readonly transport: Transport
  /** Where a finished export can be downloaded; absent in the desktop window, where the file is at hand. */
  readonly downloadUrl?: (jobId: string) => string
}

/** Takes the transport that the preload shows, or else talks to the server that this page came from. */
export function connect(options: {
  window: Window
  onStatus: (status: ConnectionStatus) => void
}): Connection {
  const { window: page, onStatus } = options
  const given = (page as unknown as Record<string, unknown>)[TRANSPORT_GLOBAL]
  if (isTransport(given)) {
    onStatus('open')
    return { transport: given }
  }
  const baseUrl = new URL('.', page.location.href)
  baseUrl.search = ''
  const token = takePageToken({
    href: page.location.href,
    storage: page.sessionStorage,
    replaceAddress: (href) => page.history.replaceState(null, '', href),
  })
  return {
    transport: createHttpTransport({
      baseUrl,
      token,
      fetch: (input, init) => page.fetch(input, init),
      openSocket: openEventSocket,
      schedule: (callback, ms) => {
        const timer = page.setTimeout(callback, ms)
        return () => page.clearTimeout(timer)
      },
      onStatus,
      report: (problem) => reportError(problem),
    }),
    downloadUrl: (jobId) => exportDownloadUrl({ baseUrl, token, jobId }),
  }
}

/** A WebSocket behind the small port that the transport uses. */
function openEventSocket(url: string): EventSocket {
  const socket = new WebSocket(url)
  const port: EventSocket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    close: () => socket.close(),
  }
  socket.addEventListener('open', () => port.onopen?.())
  socket.addEventListener('message', (message: MessageEvent<unknown>) => port.onmessage?.(message))
  socket.addEventListener('close', () => port.onclose?.())
  return port
}

function isTransport(value: unknown): value is Transport {
  return typeof value === 'object' && value !== null && 'invoke' in value && 'subscribe' in value
}

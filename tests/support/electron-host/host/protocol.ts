import type { Schemes } from './schemes'
import { onlyKnown, strict } from './strict'

type Handler = (request: Request) => Response | Promise<Response>

const KNOWN_PRIVILEGES: ReadonlySet<string> = new Set([
  'standard',
  'secure',
  'supportFetchAPI',
  'codeCache',
])

/** https://www.electronjs.org/docs/latest/api/protocol: handlers of own schemes that are standard and secure. */
export function createProtocol(options: { schemes: Schemes; isReady: () => boolean }) {
  const { schemes, isReady } = options
  const handlers = new Map<string, Handler>()
  const api = {
    registerSchemesAsPrivileged: (
      list: readonly { scheme: string; privileges?: Record<string, boolean> }[],
    ) => {
      if (isReady()) {
        throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
      }
      for (const { scheme, privileges = {} } of list) {
        onlyKnown('privileges', privileges, KNOWN_PRIVILEGES)
        // The origin that Chromium sees in its place is both.
        if (privileges.standard !== true || privileges.secure !== true) {
          throw new Error(
            'electron-host does not implement schemes that are not standard and secure',
          )
        }
        schemes.register(scheme)
      }
    },
    handle: (scheme: string, handler: Handler) => {
      if (!isReady()) throw new Error('protocol.handle needs the app to be ready')
      if (handlers.has(scheme)) throw new Error(`The scheme has been intercepted: ${scheme}`)
      handlers.set(scheme, handler)
    },
    unhandle: (scheme: string) => {
      if (!handlers.delete(scheme)) throw new Error(`The scheme is not registered: ${scheme}`)
    },
    isProtocolHandled: (scheme: string) => handlers.has(scheme),
  }
  return {
    api: strict('protocol', api),
    handlerOf: (url: string) => handlers.get(new URL(url).protocol.slice(0, -1)),
  }
}

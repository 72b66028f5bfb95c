import { strict } from './strict'

type CheckHandler = (
  contents: object | null,
  permission: string,
  origin: string,
  details: object,
) => boolean
type RequestHandler = (
  contents: object | null,
  permission: string,
  callback: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void

/**
 * https://www.electronjs.org/docs/latest/api/session: the default session. Chromium outside of Electron answers permission prompts
 * itself (headless: no), so the handlers are kept for specs to ask.
 */
export function createSession() {
  let check: CheckHandler | null = null
  let request: RequestHandler | null = null
  const defaultSession = strict('session.defaultSession', {
    setPermissionCheckHandler: (handler: CheckHandler | null) => {
      check = handler
    },
    setPermissionRequestHandler: (handler: RequestHandler | null) => {
      request = handler
    },
  })
  return {
    defaultSession,
    api: strict('session', { defaultSession }),
    /** What the application answers. Electron grants everything where no handler is set. */
    ask: async (permission: string, requestingUrl: string) => {
      const origin = `${new URL(requestingUrl).protocol}//${new URL(requestingUrl).host}/`
      const handler = request
      return {
        check: check?.(null, permission, origin, {}) ?? true,
        request:
          handler === null ||
          (await new Promise<boolean>((resolve) => {
            handler(null, permission, resolve, { requestingUrl, isMainFrame: true })
          })),
      }
    },
  }
}

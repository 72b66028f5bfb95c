import { app, type Session, shell } from 'electron'
import type { Logger } from '../ports/logger'
import { APP_ORIGIN, isAppUrl, mayOpenExternally } from './app-url'

/** What the interface itself may ask for: full screen, copying a path, and its own local server on the loopback network. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set([
  'fullscreen',
  'clipboard-sanitized-write',
  'local-network-access',
  'loopback-network',
])

/** Denies navigation, pop-ups and embedded pages in every web contents there will ever be (S29); https links go to the browser (S30). */
export function guardWebContents(options: { logger: Logger }): void {
  const { logger } = options
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (isAppUrl(event.url)) return
      event.preventDefault()
      logger.warn({}, 'a navigation away from the interface was refused')
    })
    contents.on('will-attach-webview', (event) => {
      event.preventDefault()
      logger.warn({}, 'an embedded page was refused')
    })
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenExternally(url)) {
        shell.openExternal(url).catch((error: unknown) => {
          logger.warn({ err: error }, 'a link could not be opened in the browser')
        })
      } else logger.warn({}, 'a pop-up was refused')
      return { action: 'deny' }
    })
  })
}

/** Denies every permission but the few that the interface needs, and those only to the interface (S31). */
export function guardPermissions(options: { session: Session; logger: Logger }): void {
  const { session, logger } = options
  const isAllowed = (permission: string, origin: string) =>
    ALLOWED_PERMISSIONS.has(permission) && (origin === APP_ORIGIN || isAppUrl(origin))
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowed(permission, origin),
  )
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const allowed = isAllowed(permission, details.requestingUrl)
    if (!allowed) logger.warn({ permission }, 'a permission was refused')
    callback(allowed)
  })
}

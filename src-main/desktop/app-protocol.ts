import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import type { Logger } from '../ports/logger'
import { APP_SCHEME, isAppUrl } from './app-url'
import { type InterfaceFiles, interfaceHeaders } from './interface-files'

/** Makes `app:` a standard, secure scheme. Electron takes this only before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

/** Serves the built interface as `app://vsr/…`, by exact known path, under a strict content security policy. */
export function serveInterface(options: {
  files: InterfaceFiles
  serverUrl: string
  logger: Logger
}): void {
  const { files, serverUrl, logger } = options
  protocol.handle(APP_SCHEME, async (request) => {
    const found = isAppUrl(request.url) ? files.get(new URL(request.url).pathname) : undefined
    if (found === undefined || request.method !== 'GET') {
      logger.warn({ method: request.method, path: request.url }, 'no such part of the interface')
      return new Response('Not found', {
        status: 404,
        headers: interfaceHeaders('text/plain; charset=utf-8', serverUrl),
      })
    }
    const body = new Uint8Array(await readFile(found.file))
    return new Response(body, {
      status: 200,
      headers: interfaceHeaders(found.contentType, serverUrl),
    })
  })
}

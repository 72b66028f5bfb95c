import { randomBytes } from 'node:crypto'
import { VsrError } from '../../../src-preload/contract/errors'
import type { Logger } from '../../ports/logger'
import { createDispatcher } from '../dispatcher'
import { createHttpHost } from '../http-host'
import { aborted, withEngine, type CommandContext } from './context'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  /** Open the interface in the person's browser. */
  readonly open: boolean
}

export interface ServeContext extends CommandContext {
  readonly logger: Logger
  /** The built interface. */
  readonly staticDir: string
  /** `VSR_AUTH=none`: no token. Only on a loopback address. */
  readonly withoutToken: boolean
  /** Hands a URL to the person's browser; false where there is none. */
  readonly openInBrowser: (url: string) => Promise<boolean>
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Engine and interface without a window, until Ctrl-C.
 * @returns the exit code.
 * @throws VsrError `port_unavailable`, `bad_request`.
 */
export async function serveCommand(context: ServeContext, options: ServeOptions): Promise<number> {
  const { terminal, logger } = context
  if (context.withoutToken && !LOOPBACK.has(options.host)) {
    throw new VsrError('bad_request', `Serving on ${options.host} needs a token.`, {
      hint: 'Leave VSR_AUTH=none out, or serve on 127.0.0.1.',
    })
  }
  return withEngine(context, 'write', async (engine) => {
    const token = context.withoutToken ? undefined : randomBytes(16).toString('hex')
    const dispatcher = createDispatcher({
      engine,
      host: { kind: 'server', serverUrl: () => address.url, mediaToken: token },
      logger,
    })
    const httpHost = createHttpHost({
      engine,
      dispatcher,
      token,
      host: options.host,
      port: options.port,
      staticDir: context.staticDir,
      logger,
    })
    const address = await httpHost.listen()
    await engine.announce(address.url)
    try {
      const openUrl = token === undefined ? address.url : `${address.url}?token=${token}`
      if (address.port !== options.port && options.port !== 0) {
        terminal.say(`Port ${options.port} is taken, so this is port ${address.port}.`)
      }
      terminal.emit({ event: 'listening', url: address.url, ...(token && { token }) })
      const opened = options.open && (await context.openInBrowser(openUrl))
      terminal.say(opened ? `VSR is open in your browser: ${openUrl}` : `VSR: ${openUrl}`)
      terminal.say('Ctrl-C ends it; recordings that run go on at the next start.')
      await engine.resume()
      await aborted(context.interrupted)
      return 0
    } finally {
      await httpHost.close()
    }
  })
}

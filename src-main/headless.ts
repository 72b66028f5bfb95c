import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import { runCli } from './api/cli/program'
import { createTerminal } from './api/cli/terminal'
import { createEngine } from './engine'
import { createLogger } from './observe/logger'
import { tuneEngine } from './ports/tune-engine'
import { silentLogger } from './ports/logger'

/** npm and the terminal may both pass one Ctrl-C on; only one that comes later means "at once". */
const SECOND_INTERRUPT_AFTER_MS = 2000

/**
 * The plain-Node composition root: `vsr record`, `serve`, `export`, …
 * @param argv without node and script.
 * @returns the exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  tuneEngine()
  const { env, stdout, stderr } = process
  const debug = env['VSR_DEBUG'] === '1'
  const interrupted = listenForInterrupt()
  return runCli({
    argv,
    version: packageJson.version,
    stdout,
    terminal: ({ json }) => createTerminal({ json, stdout, stderr, debug }),
    context: ({ command, library, terminal }) => {
      // The other commands say themselves what happens; a server has nobody who watches.
      const quiet = command === 'serve' ? 'warn' : 'error'
      const logger = createLogger({
        level: debug ? 'debug' : (env['VSR_LOG_LEVEL'] ?? quiet),
        pretty: stderr.isTTY && !debug,
      })
      const libraryDir = path.resolve(
        callersFolder(env),
        library ?? env['VSR_LIBRARY'] ?? path.join(homedir(), 'Videos', 'VSR'),
      )
      return {
        terminal,
        folder: callersFolder(env),
        interrupted,
        logger,
        staticDir: fileURLToPath(new URL('../renderer', import.meta.url)),
        withoutToken: env['VSR_AUTH'] === 'none',
        openInBrowser,
        openEngine: (mode) =>
          createEngine({
            libraryDir,
            mode,
            parserWorkerFile: new URL('./parser-worker.js', import.meta.url),
            logger: mode === 'write' || debug ? logger : silentLogger,
            env,
            version: packageJson.version,
          }),
      }
    },
  })
}

/** `npm run` changes into the project first; paths are meant as they were typed. */
function callersFolder(env: NodeJS.ProcessEnv): string {
  const isNpmRun = ['vsr', 'start'].includes(env['npm_lifecycle_event'] ?? '')
  return (isNpmRun ? env['INIT_CWD'] : undefined) ?? process.cwd()
}

function listenForInterrupt(): AbortSignal {
  const controller = new AbortController()
  let firstMs: number | undefined
  const onSignal = () => {
    if (firstMs === undefined) {
      firstMs = performance.now()
      controller.abort()
    } else if (performance.now() - firstMs > SECOND_INTERRUPT_AFTER_MS) {
      process.exit(130)
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
}

/** An opener that has not failed by then is a browser that runs. */
const OPENER_FAILS_WITHIN_MS = 3000

/** Hands a URL to the person's browser; false where there is no display or no opener. */
function openInBrowser(url: string): Promise<boolean> {
  const hasDisplay =
    process.platform !== 'linux' ||
    Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
  const opener = OPENERS[process.platform]
  if (!hasDisplay || opener === undefined) return Promise.resolve(false)
  const [command, ...args] = opener
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    const settled = setTimeout(() => resolve(true), OPENER_FAILS_WITHIN_MS)
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
    child.once('close', () => clearTimeout(settled))
    child.unref()
  })
}

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, session, shell } from 'electron'
import { createDispatcher } from './api/dispatcher'
import type { HostPort } from './api/host-port'
import { createHttpHost } from './api/http-host'
import { registerAppScheme, serveInterface } from './desktop/app-protocol'
import { installAppMenu } from './desktop/app-menu'
import { APP_ORIGIN } from './desktop/app-url'
import { crashOnBugs, failStart } from './desktop/failure'
import { recordHandedOver } from './desktop/hand-over'
import { listInterfaceFiles } from './desktop/interface-files'
import { serveIpc } from './desktop/ipc'
import { preferredPort, readLaunchOptions } from './desktop/launch-options'
import { keepAwakeWhileRecording } from './desktop/power'
import { isActive } from './desktop/recording-status'
import { installShutdown } from './desktop/shutdown'
import { claimSingleInstance, collectHandOvers } from './desktop/single-instance'
import { createTray } from './desktop/tray'
import { createTrayActions } from './desktop/tray-actions'
import { createWatch } from './desktop/watch'
import { guardPermissions, guardWebContents } from './desktop/web-contents-guard'
import { createMainWindow } from './desktop/window'
import { createEngine } from './engine'
import { createLogger } from './observe/logger'
import { tuneEngine } from './ports/tune-engine'
import type { Logger } from './ports/logger'

type HandOvers = ReturnType<typeof collectHandOvers>

const bundles = import.meta.dirname
const iconsDir = path.join(app.getAppPath(), 'resources/icons')
const launch = readLaunchOptions(process.argv)
tuneEngine()

/** Videos/VSR unless told otherwise; the data folder where a system has no such place. */
function libraryDir(): string {
  const chosen = launch.libraryDir ?? process.env.VSR_LIBRARY
  if (chosen) return path.resolve(chosen)
  try {
    return path.join(app.getPath('videos'), 'VSR')
  } catch {
    // Electron throws where the system knows no videos folder; that is an answer, not a failure.
    return path.join(app.getPath('userData'), 'library')
  }
}

/** Engine -> dispatcher -> local server -> window and tray. Rejects with VsrError when the library cannot be used. */
async function start(logger: Logger, handOvers: HandOvers): Promise<void> {
  const engine = await createEngine({
    libraryDir: libraryDir(),
    mode: 'write',
    parserWorkerFile: pathToFileURL(path.join(bundles, 'parser-worker.js')),
    logger,
    env: process.env,
    version: app.getVersion(),
  })

  const token = randomBytes(16).toString('hex')
  let serverUrl = ''
  const host: HostPort = {
    kind: 'desktop',
    serverUrl: () => serverUrl,
    mediaToken: token,
    revealFile: async (file) => {
      shell.showItemInFolder(file)
    },
  }
  const dispatcher = createDispatcher({ engine, host, logger })
  const server = createHttpHost({
    engine,
    dispatcher,
    token,
    host: '127.0.0.1',
    port: preferredPort(launch, process.env),
    allowedOrigins: [APP_ORIGIN],
    logger,
  })
  serverUrl = (await server.listen()).url
  await engine.resume()

  const watch = await createWatch({ dispatcher })
  const stopAwake = keepAwakeWhileRecording({ watch, logger })
  const shutdown = installShutdown({
    isRecording: () => watch.recordings().some(isActive),
    close: async () => {
      removeTray()
      stopAwake()
      watch.close()
      closeIpc()
      await server.close()
      await engine.close()
    },
    logger,
  })
  const window = createMainWindow({
    preloadFile: path.join(bundles, '../preload/index.cjs'),
    iconFile: path.join(iconsDir, 'icon.png'),
    hideOnClose: () => !shutdown.isQuitting() && watch.settings()?.closeToTray !== false,
    logger,
  })
  const closeIpc = serveIpc({ dispatcher, send: window.send, logger })
  serveInterface({
    files: await listInterfaceFiles(path.join(bundles, '../renderer')),
    serverUrl,
    logger,
  })
  guardPermissions({ session: session.defaultSession, logger })
  const removeTray = createTray({
    iconsDir,
    watch,
    actions: createTrayActions({
      dispatcher,
      openWindow: window.open,
      quit: () => {
        app.quit()
      },
      logger,
    }),
  })

  app.on('activate', window.open)
  window.open()
  void recordHandedOver({ handedOver: launch, dispatcher, logger })
  handOvers.forwardTo((handedOver) => {
    window.open()
    void recordHandedOver({ handedOver, dispatcher, logger })
  })
}

if (claimSingleInstance()) {
  const logsDir = app.getPath('logs')
  mkdirSync(logsDir, { recursive: true })
  const logger = createLogger({
    level: process.env.VSR_LOG_LEVEL ?? 'info',
    destination: path.join(logsDir, 'vsr.log'),
  })
  crashOnBugs({ logger })
  const handOvers = collectHandOvers()
  registerAppScheme()
  guardWebContents({ logger })
  app
    .whenReady()
    .then(() => {
      installAppMenu(process.platform)
      return start(logger, handOvers)
    })
    .catch((error: unknown) => {
      failStart({ error, logger })
    })
} else {
  // The first instance has been handed what this one was asked for.
  app.exit(0)
}

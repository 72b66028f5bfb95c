import { app, dialog, powerMonitor } from 'electron'
import type { Logger } from '../ports/logger'

/** Stop politely, but never hang: what is acknowledged is on disk at every moment anyway (F49). */
const CLOSE_DEADLINE_MS = 5000

export interface Shutdown {
  /** True from the moment it is settled that the application ends: windows then really close. */
  isQuitting(): boolean
}

/**
 * Asks before quitting while something is recorded, closes everything once, then lets the application end. The end of the
 * session and termination signals are not asked about.
 */
export function installShutdown(options: {
  isRecording: () => boolean
  close: () => Promise<void>
  logger: Logger
}): Shutdown {
  const { isRecording, close, logger } = options
  let phase: 'running' | 'asking' | 'closing' | 'closed' = 'running'

  const finish = async () => {
    phase = 'closing'
    try {
      if (!(await settlesWithin(close(), CLOSE_DEADLINE_MS))) {
        logger.error({ deadlineMs: CLOSE_DEADLINE_MS }, 'closing took too long and was cut short')
      }
    } catch (error) {
      logger.error({ err: error }, 'closing failed')
    }
    phase = 'closed'
    app.quit()
  }
  const askThenFinish = async () => {
    phase = 'asking'
    if (await confirmQuit()) await finish()
    else phase = 'running'
  }
  const quitWithoutAsking = () => {
    if (phase === 'running' || phase === 'asking') void finish()
  }

  app.on('before-quit', (event) => {
    if (phase === 'closed') return
    event.preventDefault()
    if (phase !== 'running') return
    void (isRecording() ? askThenFinish() : finish())
  })
  // Without a listener Electron quits here; with the tray, VSR lives on. When the person wants that is decided at the window's close.
  app.on('window-all-closed', () => {
    app.quit()
  })
  powerMonitor.on('shutdown', quitWithoutAsking)
  process.once('SIGTERM', quitWithoutAsking)
  process.once('SIGINT', quitWithoutAsking)

  return { isQuitting: () => phase === 'closing' || phase === 'closed' }
}

async function confirmQuit(): Promise<boolean> {
  const answer = await dialog.showMessageBox({
    type: 'question',
    title: 'VSR',
    message: 'VSR is recording. Quit all the same?',
    detail:
      'The recording is kept and goes on by itself at the next start. What the source sends meanwhile is missed.',
    buttons: ['Quit', 'Keep recording'],
    defaultId: 1,
    cancelId: 1,
  })
  return answer.response === 0
}

/** False when the deadline came first. Rejects when `work` does. */
async function settlesWithin(work: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false)
    }, deadlineMs)
  })
  try {
    return await Promise.race([work.then(() => true), deadline])
  } finally {
    clearTimeout(timer)
  }
}

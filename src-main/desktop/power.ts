import { powerMonitor, powerSaveBlocker } from 'electron'
import type { Logger } from '../ports/logger'
import { isActive } from './recording-status'
import type { Watch } from './watch'

/** Keeps the computer awake while something is recorded (F30), and notes when it slept. Returns the function that ends it. */
export function keepAwakeWhileRecording(options: { watch: Watch; logger: Logger }): () => void {
  const { watch, logger } = options
  let blocker: number | undefined

  const release = () => {
    if (blocker !== undefined) powerSaveBlocker.stop(blocker)
    blocker = undefined
  }
  const update = () => {
    if (watch.recordings().some(isActive)) {
      blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    } else release()
  }
  const onSuspend = () => {
    logger.info({}, 'the computer goes to sleep')
  }
  const onResume = () => {
    logger.info({}, 'the computer woke up')
  }

  update()
  const stopWatching = watch.onChange(update)
  powerMonitor.on('suspend', onSuspend)
  powerMonitor.on('resume', onResume)
  return () => {
    stopWatching()
    powerMonitor.off('suspend', onSuspend)
    powerMonitor.off('resume', onResume)
    release()
  }
}

import { app, dialog } from 'electron'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'

/** Ends the application with a sentence, exit code 1. The stack goes to the log; a person never sees it. */
export function failStart(options: { error: unknown; logger: Logger }): void {
  const { error, logger } = options
  logger.error({ err: error }, 'VSR could not start')
  dialog.showErrorBox('VSR could not start', sentenceOf(error))
  app.exit(1)
}

/** A bug ends the process, logged; Electron's own dialog would show the stack trace to the person. */
export function crashOnBugs(options: { logger: Logger }): void {
  const { logger } = options
  const crash = (error: unknown) => {
    logger.error({ err: error }, 'VSR ended because of an unexpected error')
    dialog.showErrorBox(
      'VSR has to close',
      'Something went wrong inside VSR. Everything recorded so far is kept; recordings go on at the next start.',
    )
    app.exit(1)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof VsrError)) {
    return 'Something went wrong inside VSR. The log in its data folder says more.'
  }
  return error.hint === undefined ? error.message : `${error.message}\n\n${error.hint}`
}

import { dialog } from 'electron'
import type { Dispatcher } from '../api/dispatcher'
import type { Logger } from '../ports/logger'
import { ask } from './ask'
import type { HandOver } from './single-instance'

/**
 * Records the URL that this or a second start was given. A `vsr:` link may come from any web page, so that one is asked about
 * first; what stands on a command line was typed by the person. Failures are shown, never thrown.
 */
export async function recordHandedOver(options: {
  handedOver: HandOver
  dispatcher: Dispatcher
  logger: Logger
}): Promise<void> {
  const { handedOver, dispatcher, logger } = options
  const { url, fromLink } = handedOver
  if (url === undefined) return
  if (fromLink && !(await confirmed(url))) {
    logger.info({}, 'a link to record was declined')
    return
  }
  const started = await ask(dispatcher, 'recordings.start', { url })
  if (started.ok) {
    logger.info({ recording: started.value.id }, 'recording what was handed over')
    return
  }
  logger.warn({ code: started.error.code }, 'what was handed over could not be recorded')
  await dialog.showMessageBox({
    type: 'warning',
    title: 'VSR',
    message: started.error.message,
    buttons: ['OK'],
    ...(started.error.hint === undefined ? {} : { detail: started.error.hint }),
  })
}

async function confirmed(url: string): Promise<boolean> {
  const answer = await dialog.showMessageBox({
    type: 'question',
    title: 'VSR',
    message: 'Record this stream?',
    detail: url,
    buttons: ['Record', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  return answer.response === 0
}

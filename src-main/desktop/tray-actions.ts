import { dialog, shell } from 'electron'
import type { ApiError } from '../../src-preload/contract/errors'
import type { RecordingSummary } from '../../src-preload/contract/model'
import type { Dispatcher } from '../api/dispatcher'
import type { Logger } from '../ports/logger'
import { ask } from './ask'
import type { TrayActions } from './tray-menu'

/** The clicks of the tray menu, carried out through the dispatcher like everything else the person does. */
export function createTrayActions(options: {
  dispatcher: Dispatcher
  openWindow: () => void
  quit: () => void
  logger: Logger
}): TrayActions {
  const { dispatcher, openWindow, quit, logger } = options
  const tell = (title: string, error: ApiError) => {
    logger.warn({ code: error.code }, title)
    void showProblem(title, error)
  }
  return {
    openWindow,
    quit,
    stop: (recording) => {
      void ask(dispatcher, 'recordings.stop', { id: recording.id }).then((reply) => {
        if (!reply.ok) tell('The recording could not be stopped', reply.error)
      })
    },
    saveLast: (recording, lengthSec) => {
      void saveLast(dispatcher, recording.id, lengthSec).then((error) => {
        if (error !== undefined) tell('The clip could not be saved', error)
      })
    },
    openRecordingsFolder: () => {
      void openRecordingsFolder(dispatcher).then((error) => {
        if (error !== undefined) tell('The recordings folder could not be opened', error)
      })
    },
  }
}

/** Queues the export of the newest `lengthSec` seconds. The menu may be seconds old, so the end is asked for anew. */
async function saveLast(
  dispatcher: Dispatcher,
  id: string,
  lengthSec: number,
): Promise<ApiError | undefined> {
  const recording = await ask(dispatcher, 'recordings.get', { id })
  if (!recording.ok) return recording.error
  const span = lastSpan(recording.value, lengthSec)
  const job = await ask(dispatcher, 'exports.create', { recordingId: id, ...span })
  return job.ok ? undefined : job.error
}

/** The newest `lengthSec` seconds of a recording, or all of a shorter one. */
function lastSpan(recording: RecordingSummary, lengthSec: number) {
  const toMs = recording.endMs ?? recording.startMs
  return { fromMs: Math.max(recording.startMs, toMs - lengthSec * 1000), toMs }
}

async function openRecordingsFolder(dispatcher: Dispatcher): Promise<ApiError | undefined> {
  const info = await ask(dispatcher, 'system.info', {})
  if (!info.ok) return info.error
  const problem = await shell.openPath(info.value.libraryDir)
  return problem === ''
    ? undefined
    : { code: 'not_available_here', message: `${info.value.libraryDir}: ${problem}` }
}

/** A message that does not stop the process: recordings go on behind it. */
async function showProblem(title: string, error: ApiError): Promise<void> {
  await dialog.showMessageBox({
    type: 'warning',
    title: 'VSR',
    message: title,
    detail: [error.message, error.hint].filter((part) => part !== undefined).join('\n'),
    buttons: ['OK'],
  })
}

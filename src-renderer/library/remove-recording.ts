import type { Services } from '../app/services'
import { isRunning } from '../stores/recordings-store'
import { texts } from '../ui/texts'
import { restoreRecording } from './restore-recording'

/** A step that cannot be taken back is asked for first: what runs is stopped, and without a trash it is gone for good. */
export function needsYes({ recordings, settings }: Services, id: string): boolean {
  const recording = recordings.store.getState().byId[id]
  const keepsNothing = settings.store.getState().settings?.trashDays === 0
  return keepsNothing || (recording !== undefined && isRunning(recording))
}

/** Deletes a recording, and offers to take that back where it can be had back. */
export async function removeRecording(services: Services, id: string): Promise<void> {
  const { ui, recordings, selection, settings, player, playback, undo } = services
  const title = recordings.store.getState().byId[id]?.title ?? id
  const wasOpen = selection.store.getState().recordingId === id
  if (wasOpen) player.showNothing('empty')
  const reply = await recordings.remove(id)
  if (!reply.ok) {
    ui.fail(reply.error)
    if (wasOpen) playback.reopen()
    return
  }
  if (settings.store.getState().settings?.trashDays === 0) {
    ui.info(texts.remove.gone(title))
    return
  }
  let isBack = false
  const back = () => {
    if (isBack) return
    isBack = true
    void restoreRecording(services, id)
  }
  undo.push(back)
  ui.offer(texts.remove.done(title), { label: texts.remove.undo, run: back })
}

import type { Services } from '../app/services'

/** Takes a recording back from the trash, and opens it. */
export async function restoreRecording(
  { ui, trash, recordings, selection }: Pick<Services, 'ui' | 'trash' | 'recordings' | 'selection'>,
  id: string,
): Promise<void> {
  const reply = await trash.restore(id)
  if (!reply.ok) {
    ui.fail(reply.error)
    return
  }
  recordings.apply({ type: 'recording.updated', recording: reply.value })
  selection.select(id)
}

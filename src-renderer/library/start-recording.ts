import type { ApiError } from '../../src-preload/contract/errors'
import type { RecordingsStore } from '../stores/recordings-store'
import type { SelectionStore } from '../stores/selection-store'

/** Starts a recording and opens it at once. Returns why it could not. */
export async function startRecording(options: {
  recordings: RecordingsStore
  selection: SelectionStore
  url: string
  quality?: string
  waitForLive?: boolean
  /** Although it is being recorded already. */
  again?: boolean
}): Promise<ApiError | undefined> {
  const { recordings, selection, url, quality, waitForLive, again = false } = options
  const unlessRecording = !again
  const reply = await recordings.start({ url, quality, waitForLive, unlessRecording })
  if (!reply.ok) return reply.error
  selection.select(reply.value.id)
  return undefined
}

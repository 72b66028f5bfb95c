import type { Clock } from '../ports/clock'
import type { Library } from '../store/model'

/**
 * Waits until a recording stores its next segment (of one track, if one is named), at most `limitMs`,
 * so that a player which comes a moment early need not come back.
 */
export async function waitForSegment(options: {
  readonly library: Library
  readonly clock: Clock
  readonly recordingId: string
  readonly trackId: string | undefined
  readonly limitMs: number
  /** The player has left. */
  readonly signal: AbortSignal
}): Promise<void> {
  const { library, clock, recordingId, trackId } = options
  const stored = new AbortController()
  const stop = library.onCommit((commit) => {
    if (commit.recordingId !== recordingId || commit.row.kind !== 'segment') return
    if (trackId === undefined || commit.trackId === trackId) stored.abort()
  })
  const ended = AbortSignal.any([stored.signal, options.signal])
  try {
    await clock.sleep(options.limitMs, ended)
  } catch (error) {
    // The sleep ends early when the segment is there or the player left: both are wanted.
    if (!ended.aborted) throw error
  } finally {
    stop()
  }
}

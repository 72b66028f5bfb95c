import type { Clock } from '../ports/clock'
import type { LivePartsReader, LiveTrack } from '../ports/live-parts'
import type { PartName } from './part-name'
import { waitForChange } from './wait-for-change'

/** A player that follows a hint waits no longer for the part. */
const HINT_LIMIT_MS = 10_000

type PartNumbers = Pick<PartName, 'epoch' | 'mediaSequence' | 'partIndex'>

function find(live: LiveTrack | undefined, numbers: PartNumbers): Uint8Array | undefined {
  const { epoch, mediaSequence, partIndex } = numbers
  const segment = live?.segments.find(
    (candidate) => candidate.epoch === epoch && candidate.mediaSequence === mediaSequence,
  )
  return segment?.parts[partIndex]?.body
}

/** True where the playlist may have hinted at this part: it is the next of the newest segment, or the first of the one after. */
function isNext(live: LiveTrack | undefined, numbers: PartNumbers): boolean {
  const newest = live?.segments.at(-1)
  if (newest === undefined || newest.epoch !== numbers.epoch) return false
  const { mediaSequence, partIndex } = numbers
  return mediaSequence === newest.mediaSequence
    ? partIndex === newest.parts.length
    : mediaSequence === newest.mediaSequence + 1 && partIndex === 0
}

/**
 * A part from memory; one that the playlist hints at is waited for (rfc8216bis 6.2.6).
 *
 * @param options.signal the player has left.
 * @returns undefined where it is there no more, or does not come.
 */
export async function livePartOf(options: {
  readonly liveParts?: LivePartsReader
  readonly clock: Clock
  readonly name: PartName
  readonly signal: AbortSignal
}): Promise<Uint8Array | undefined> {
  const { liveParts, clock, name, signal } = options
  const { recordingId, trackId } = name
  const live = () => liveParts?.get(recordingId, trackId)
  if (liveParts === undefined) return undefined
  await waitForChange({
    clock,
    subscribe: (wake) =>
      liveParts.onChange((changedId) => {
        if (changedId === recordingId) wake()
      }),
    isThere: async () => find(live(), name) !== undefined || !isNext(live(), name),
    limitMs: HINT_LIMIT_MS,
    signal,
  })
  return find(live(), name)
}

import { applyDelta } from './apply-delta'
import type { MediaPlaylist } from '../playlist'
import { agreement, isRecognised, markOf } from './playlist-identity'

/** Keeps the whole listing of one playlist from load to load. */
export interface DeltaMerger {
  /**
   * @param answer as loaded, whole or a delta update.
   * @returns the whole listing; undefined where the delta update does not fit: the playlist has to be loaded whole then.
   */
  merge(answer: MediaPlaylist): MediaPlaylist | undefined
  /** False once delta updates have failed to fit too often: each one costs a second request. */
  isWorthAsking(): boolean
  /** Another playlist comes next. */
  forget(): void
}

/** Delta updates in a row that did not fit. */
const MOST_MISFITS = 3
/** What a delta update lists is looked for among so many of the last segments known. */
const MOST_COMPARED = 256

/** True where some segment is in both, under the same number and the same name or instant: the numbers alone could be of a source that has started over. */
function continues(previous: MediaPlaylist, delta: MediaPlaylist): boolean {
  const marks = previous.segments.slice(-MOST_COMPARED).map(markOf)
  return isRecognised(agreement({ marks, namesAreStable: false }, delta))
}

export function createDeltaMerger(): DeltaMerger {
  let newest: MediaPlaylist | undefined
  let misfits = 0
  return {
    merge(answer) {
      if (answer.skippedSegments === undefined) {
        newest = answer
        return answer
      }
      const merged =
        newest !== undefined && continues(newest, answer) ? applyDelta(newest, answer) : undefined
      misfits = merged === undefined ? misfits + 1 : 0
      newest = merged
      return merged
    },
    isWorthAsking: () => misfits < MOST_MISFITS,
    forget() {
      newest = undefined
      misfits = 0
    },
  }
}

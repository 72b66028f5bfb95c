import type { MediaWriter } from '../hls/write/media-writer'
import { ivDigits } from '../store/key-iv'
import type { KeyRow, SegmentIndex } from '../store/model'

const IN_THE_CLEAR = -1

/** The key that a player has in force: an index, -1 for none; undefined where that is not known. */
export type KeyInForce = number | undefined

/** Says with EXT-X-KEY which key the segments of a playlist need, wherever that changes. */
export interface KeyTags {
  /** False where the segment's key was damaged on disk: no player can decode it. */
  hasKey(position: number): boolean
  /** What has to stand before the segment at this position. */
  write(position: number): void
}

/** @param options.inForce before the first segment. */
export function createKeyTags(options: {
  readonly index: SegmentIndex
  readonly inForce: KeyInForce
  readonly writer: MediaWriter
}): KeyTags {
  const { index, writer } = options
  let inForce = options.inForce
  let last: KeyRow | undefined

  const keyAt = (keyIndex: number): KeyRow | undefined => {
    if (last?.index !== keyIndex) last = keyRowOf(index, keyIndex)
    return last
  }

  return {
    hasKey(position) {
      const keyIndex = index.keyIndexAt(position)
      return keyIndex === IN_THE_CLEAR || keyAt(keyIndex) !== undefined
    },
    write(position) {
      const keyIndex = index.keyIndexAt(position)
      const key = keyIndex === IN_THE_CLEAR ? undefined : keyAt(keyIndex)
      if (key === undefined) {
        if (inForce !== IN_THE_CLEAR) writer.noKey()
        inForce = IN_THE_CLEAR
        return
      }
      // Without an IV of its own, the key's changes with each segment.
      if (keyIndex !== inForce || key.iv === undefined) {
        writer.key(keyIndex, ivDigits(key, mediaSequenceAt(index, position)))
      }
      inForce = keyIndex
    },
  }
}

/** Undefined where the log has no such row. */
export function keyRowOf(index: SegmentIndex, keyIndex: number): KeyRow | undefined {
  const position = index.positionOf(keyIndex)
  const row = position === undefined ? undefined : index.rowAt(position)
  return row?.kind === 'key' ? row : undefined
}

function mediaSequenceAt(index: SegmentIndex, position: number): number {
  const row = index.rowAt(position)
  return row.kind === 'segment' ? row.mediaSequence : 0
}

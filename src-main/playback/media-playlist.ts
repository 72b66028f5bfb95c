import { setImmediate as nextTurn } from 'node:timers/promises'
import { endListTag, mediaHeader } from '../hls/write-playlist'
import type { SegmentIndex } from '../store/model'
import type { BlockCache } from './block-cache'
import type { EraOf } from './era'
import { renderRows, type UriStyle } from './render-rows'
import { firstSegmentOf, longestSegmentSec, type Window } from './window'

const BLOCK_ROWS = 512
/** Blocks rendered before other work gets a turn: well under 20 ms. */
const BLOCKS_PER_TURN = 8

/**
 * A media playlist of one track as parts to be sent one after the other; undefined where the window has
 * no segment. Whole blocks of rows are rendered once and kept, so that a week is no slower the second
 * time and a growing recording renders only its newest rows.
 */
export async function renderMediaPlaylist(options: {
  readonly index: SegmentIndex
  readonly window: Window
  readonly eraOf: EraOf
  readonly style: UriStyle
  readonly type: 'LIVE' | 'EVENT' | 'VOD'
  /** Nothing will be added. */
  readonly ended: boolean
  readonly cache: BlockCache
  /** Longest segment of the whole track, seconds. */
  readonly longestOf: (index: SegmentIndex) => number
}): Promise<readonly Buffer[] | undefined> {
  const { index, window, eraOf, style, cache } = options
  const first = firstSegmentOf(index, window)
  if (first === undefined) return undefined
  // A playlist that grows may not change its target duration (RFC 8216 6.2.1): the whole track counts.
  const header = mediaHeader({
    longestSec:
      options.type === 'VOD' ? longestSegmentSec(index, window) : options.longestOf(index),
    mediaSequence: index.segmentsBefore(first),
    discontinuitySequence: eraOf(first),
    ...(options.type === 'LIVE' ? {} : { playlistType: options.type }),
  })
  const parts: Buffer[] = [Buffer.from(header)]
  let rendered = 0
  for (const block of blocksOf(window, first)) {
    // A window that begins within the log shows its first rows differently from all others.
    const cacheable = block.whole && (!block.first || block.from === 0)
    const key = `${style.recordingId}/${style.trackId}/${index.indexAt(block.from)}/${block.first}/${style.prefix}/${style.suffix}`
    const kept = cacheable ? cache.get(key) : undefined
    const text = kept ?? Buffer.from(renderRows({ index, ...block, eraOf, style }))
    parts.push(text)
    if (kept !== undefined) continue
    if (cacheable) cache.put(key, text)
    rendered += 1
    if (rendered % BLOCKS_PER_TURN === 0) await nextTurn()
  }
  if (options.ended) parts.push(Buffer.from(endListTag))
  return parts
}

/** Cuts a window at fixed positions; its first block reaches at least to the first segment. */
function* blocksOf(window: Window, firstSegment: number) {
  let from = window.from
  while (from < window.to) {
    const first = from === window.from
    const aligned = (Math.floor((first ? firstSegment : from) / BLOCK_ROWS) + 1) * BLOCK_ROWS
    const to = Math.min(window.to, aligned)
    yield { from, to, first, whole: to === aligned && to - from === BLOCK_ROWS }
    from = to
  }
}

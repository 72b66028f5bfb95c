import { setImmediate as nextTurn } from 'node:timers/promises'
import { MediaWriter } from '../hls/write/media-writer'
import { endListTag, mediaHeader } from '../hls/write/write-playlist'
import type { LiveTrack } from '../ports/live-parts'
import type { SegmentIndex } from '../store/model'
import type { BlockCache, RenderedBlock } from './block-cache'
import type { EraOf } from './era'
import { createLiveEdge } from './live-edge'
import type { Holes, Pace } from './pace'
import { renderRows } from './render-rows'
import { segmentNameStart } from './segment-name'
import { firstSegmentOf, type Window } from './window'

/** How the files of a track are named in a playlist. */
interface UriStyle {
  readonly recordingId: string
  readonly trackId: string
  /** Relative path from the playlist to its segments, so that a base path in front works. */
  readonly prefix: string
  /** Empty, or the query that carries the token on. */
  readonly suffix: string
}

const BLOCK_ROWS = 1024
/** Blocks rendered before other work gets a turn: well under 20 ms. */
const BLOCKS_PER_TURN = 4

/**
 * A media playlist of one track as parts to be sent one after the other; undefined where the window has
 * no segment. Whole blocks of rows are rendered once and kept, so that a week is no slower the second
 * time and a growing recording renders only its newest rows.
 */
export async function renderMediaPlaylist(options: {
  readonly index: SegmentIndex
  readonly window: Window
  readonly eraOf: EraOf
  /** Given for subtitles. */
  readonly pace?: Pace
  /** Given for a sound beside a picture. */
  readonly holes?: Holes | undefined
  readonly style: UriStyle
  readonly type: 'LIVE' | 'EVENT' | 'VOD'
  /** What is in memory of the live edge: listed as parts. */
  readonly live?: LiveTrack | undefined
  /** Nothing will be added. */
  readonly ended: boolean
  readonly cache: BlockCache
  /** The main track's, whose breaks are written. */
  readonly main?: Pick<SegmentIndex, 'lateNumber' | 'gone'>
}): Promise<readonly Buffer[] | undefined> {
  const { index, eraOf, pace, holes, style, type, cache } = options
  const first = firstSegmentOf(index, options.window)
  if (first === undefined) return undefined
  const window = pace === undefined ? options.window : { from: first, to: options.window.to }
  const writer = new MediaWriter({
    uriStart: style.prefix + segmentNameStart(style),
    uriEnd: style.suffix,
  })
  const { main = index } = options
  // Where more is let go, other rows stand in the same blocks.
  const gone = `${index.gone.before}.${main.gone.before}`
  const shown = `${style.recordingId}/${style.trackId}/${index.lateNumber}.${main.lateNumber}/${gone}`
  const track = `${shown}/${style.prefix}/${style.suffix}`
  const edge =
    options.live === undefined || pace !== undefined
      ? undefined
      : createLiveEdge({ index, window, live: options.live, writer })
  const blocks: RenderedBlock[] = []
  let rendered = 0
  for (const block of blocksOf(window, first)) {
    // A window that begins within the log shows its first rows differently from all others.
    const isAnywhere = block.whole && (!block.first || block.from === 0)
    // The picture that goes with the last subtitles may not be there yet.
    const cacheable = isAnywhere && (pace === undefined || block.to < window.to)
    const key = `${track}/${index.indexAt(block.from)}/${block.first}`
    const kept = cacheable ? cache.get(key) : undefined
    const shown =
      kept ??
      renderRows({
        index,
        ...block,
        eraOf,
        pace,
        holes,
        writer,
        // Kept text is of rows only.
        beforeSegment: cacheable ? undefined : edge?.writeStored,
      })
    blocks.push(shown)
    if (kept !== undefined) continue
    if (cacheable) cache.put(key, shown)
    rendered += 1
    if (rendered % BLOCKS_PER_TURN === 0) await nextTurn()
  }
  const longestListedSec = blocks.reduce((longest, block) => Math.max(longest, block.longestSec), 0)
  // A playlist that grows may not change its target duration (RFC 8216 6.2.1): the whole track counts.
  const longestSec =
    type === 'VOD' ? longestListedSec : Math.max(index.longestSec, longestListedSec)
  const header = mediaHeader({
    longestSec,
    mediaSequence:
      pace === undefined
        ? index.segmentsBefore(first) + (holes?.countBefore(window.from) ?? 0)
        : pace.countBefore(first),
    discontinuitySequence:
      pace?.piecesOf(first)?.[0]?.era ?? eraOf(firstListed(window.from, first, holes)),
    ...(type === 'LIVE' ? {} : { playlistType: type }),
    ...(edge === undefined ? {} : { partTargetSec: edge.partTargetSec }),
  })
  return [
    Buffer.from(header),
    ...blocks.map(({ text }) => text),
    ...(edge === undefined ? [] : [edge.renderTail()]),
    ...(options.ended ? [Buffer.from(endListTag)] : []),
  ]
}

/** The first segment, or a gap before it that is listed. */
function firstListed(from: number, segment: number, holes: Holes | undefined): number {
  for (let position = from; position < segment; position += 1) {
    if ((holes?.secOf(position) ?? 0) > 0) return position
  }
  return segment
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

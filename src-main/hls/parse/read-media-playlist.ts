import { VsrError } from '../../../src-preload/contract/errors'
import { readCues } from './cue-tag'
import { readDateRanges } from './date-range-tag'
import { hasPartsBreak, readParts, readPreloadHint, readServerControl } from './low-latency-tags'
import { clampTargetDurationSec, readSequence, safeCount, safeSpanSec } from './numbers'
import type { MediaPlaylist } from '../playlist'
import { unreadable } from './playlist-error'
import type { PlaylistTag } from './playlist-lines'
import { readSegments } from './read-segments'
import type { ParsedManifest } from './run-m3u8-parser'
import { readStart } from './start-tag'

interface Input {
  readonly manifest: ParsedManifest
  readonly tags: readonly PlaylistTag[]
  readonly url: string
}

const MOST_SKIPPED = 1_000_000

const valueOf = (tags: readonly PlaylistTag[], name: string): string | undefined =>
  tags.find((tag) => tag.name === name)?.value

/** Channel lists (IPTV "m3u") look alike, but their lines are streams, not segments. */
function refuseChannelList({ manifest, tags }: Input): void {
  const firstDuration = valueOf(tags, 'EXTINF')
  if (manifest.targetDurationSec === undefined && firstDuration?.trimStart().startsWith('-')) {
    throw new VsrError('not_a_playlist', 'This is a list of channels, not a stream.', {
      hint: 'Open the list in a text editor and use the address of one channel.',
    })
  }
}

/** EXT-X-SKIP: how many segments are left out; undefined where the listing is whole. */
function readSkipped({ skip }: ParsedManifest): number | undefined {
  if (skip === undefined) return undefined
  const skipped = safeCount(skip['skippedSegments'])
  if (skipped !== undefined && skipped <= MOST_SKIPPED) return skipped
  throw unreadable('it leaves out segments without saying how many')
}

/** RECENTLY-REMOVED-DATERANGES: tab-separated IDs, of which m3u8-parser makes a list. */
function readRemoved({ skip }: ParsedManifest): Pick<MediaPlaylist, 'removedDateRangeIds'> {
  const ids = skip?.['recentlyRemovedDateranges']
  if (!Array.isArray(ids)) return {}
  return {
    removedDateRangeIds: ids.filter((id): id is string => typeof id === 'string' && id !== ''),
  }
}

/** What low-latency HLS adds (rfc8216bis 4.4.3.7, 4.4.3.8, 4.4.4.9, 4.4.5.3). */
function readLowLatency({ manifest, tags, url }: Input, firstMediaSequence: number) {
  const parts = readParts({ tags, firstMediaSequence, url })
  const preloadHint = readPreloadHint(tags, url)
  const partTargetSec = safeSpanSec(manifest.partTargetSec)
  const partsBreak = partTargetSec !== undefined && hasPartsBreak(tags, manifest.segmentUris.length)
  return {
    ...(manifest.serverControl === undefined
      ? {}
      : { serverControl: readServerControl(manifest.serverControl) }),
    ...(partTargetSec === undefined ? {} : { partTargetSec }),
    ...(parts.length === 0 ? {} : { parts }),
    ...(partsBreak ? { partsBreak } : {}),
    ...(preloadHint === undefined ? {} : { preloadHint }),
  }
}

/** Spans on the timeline: date ranges and ad markers. */
function readSpans(tags: readonly PlaylistTag[], firstMediaSequence: number) {
  const values = tags.filter((tag) => tag.name === 'EXT-X-DATERANGE').map((tag) => tag.value)
  const dateRanges = readDateRanges(values)
  const cues = readCues(tags, firstMediaSequence)
  return {
    ...(dateRanges.length === 0 ? {} : { dateRanges }),
    ...(cues.length === 0 ? {} : { cues }),
  }
}

/** A media playlist (RFC 8216 4.3.3) from what m3u8-parser found and the tags read beside it. */
export function readMediaPlaylist(input: Input): MediaPlaylist {
  refuseChannelList(input)
  const { manifest, tags, url } = input
  const { targetDurationSec, playlistType } = manifest
  const mediaSequence = readSequence(valueOf(tags, 'EXT-X-MEDIA-SEQUENCE') ?? '0')
  const discontinuitySequence = readSequence(valueOf(tags, 'EXT-X-DISCONTINUITY-SEQUENCE') ?? '0')
  const skippedSegments = readSkipped(manifest)
  const firstMediaSequence = mediaSequence + (skippedSegments ?? 0)
  const { segments, inheritedUntil } = readSegments({
    uris: manifest.segmentUris,
    tags,
    url,
    targetDurationSec,
    firstMediaSequence,
    discontinuitySequence,
  })
  const longestSec = segments.reduce((sec, segment) => Math.max(sec, segment.durationSec), 0)
  return {
    kind: 'media',
    targetDurationSec: clampTargetDurationSec(targetDurationSec ?? Math.ceil(longestSec)),
    mediaSequence,
    discontinuitySequence,
    endList: manifest.endList,
    ...(playlistType === undefined ? {} : { playlistType }),
    segments,
    ...readStart(manifest),
    ...(manifest.iFramesOnly ? { iFramesOnly: true } : {}),
    ...readLowLatency(input, firstMediaSequence),
    ...(skippedSegments === undefined ? {} : { skippedSegments, inheritedUntil }),
    ...readRemoved(manifest),
    ...readSpans(tags, firstMediaSequence),
  }
}

import { VsrError } from '../../src-preload/contract/errors'
import type { InitRow, SegmentRow, TrackStore } from '../store/model'
import { demuxerFor } from './ffmpeg-args'

/** What ffmpeg is told that some rows are. @throws VsrError `export_failed` for text. */
export function knownDemuxer(rows: readonly SegmentRow[]): string {
  const demuxer = rows[0] === undefined ? undefined : demuxerFor(rows[0].extension)
  if (demuxer === undefined) {
    throw new VsrError('export_failed', 'Only video and sound can be exported, not subtitles.')
  }
  return demuxer
}

/** Paths of rows, with the initialization section they need in front. */
export const filesOf = (
  track: TrackStore,
  rows: readonly SegmentRow[],
  init: InitRow | undefined,
): readonly string[] =>
  [...(init === undefined ? [] : [init]), ...rows].map((row) => track.pathOf(row))

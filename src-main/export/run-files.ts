import { VsrError } from '../../src-preload/contract/errors'
import type { SegmentRow } from '../store/model'
import { demuxerFor } from './ffmpeg-args'

/** What ffmpeg is told that some rows are. @throws VsrError `export_failed` for text. */
export function knownDemuxer(rows: readonly SegmentRow[]): string {
  const demuxer = rows[0] === undefined ? undefined : demuxerFor(rows[0].extension)
  if (demuxer === undefined) {
    throw new VsrError('export_failed', 'Only video and sound can be exported, not subtitles.')
  }
  return demuxer
}

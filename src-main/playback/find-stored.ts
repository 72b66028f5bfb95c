import { VsrError } from '../../src-preload/contract/errors'
import { mainTrackOf } from '../store/main-track'
import type { FileRow, Library, Row } from '../store/model'
import { readCuePiece } from './cue-piece'
import { extensionOf } from './media-type'
import { parsePieceName, parseSegmentName } from './segment-name'

/** What stands where subtitles were never obtained. */
const EMPTY_SUBTITLES = 'WEBVTT\n\n'

/** What a name in a playlist stands for: a stored file as it is, or subtitles made of one. */
export type Stored =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly row: FileRow
      readonly recordingId: string
    }
  | { readonly kind: 'subtitles'; readonly text: string }

/**
 * Looks up what a playlist has named. Names are looked up, never joined to a path (SECURITY S05).
 * @param options.recordingId where it has to belong to; absent = any.
 * @throws VsrError `segment_not_found`.
 */
export async function findStored(options: {
  readonly library: Pick<Library, 'get'>
  readonly name: string
  readonly recordingId?: string | undefined
}): Promise<Stored> {
  const { library, recordingId } = options
  const piece = parsePieceName(options.name)
  const name = piece?.name ?? parseSegmentName(options.name)
  const recording = name && library.get(name.recordingId)
  if (name === undefined || recording === undefined) throw unknownSegment()
  if ((recordingId ?? recording.id) !== recording.id) throw unknownSegment()
  const tracks = await recording.tracks()
  const track = tracks.find(({ info }) => info.id === name.trackId)
  const position = track?.index.positionOf(name.index)
  const row = position === undefined ? undefined : track?.index.rowAt(position)
  if (row?.kind === 'gap' && track?.info.kind === 'subtitles' && name.extension === 'vtt') {
    return { kind: 'subtitles', text: EMPTY_SUBTITLES }
  }
  if (track === undefined || row === undefined || !hasFile(row)) throw unknownSegment()
  if (extensionOf(row) !== name.extension) throw unknownSegment()
  if (piece === undefined) {
    return { kind: 'file', path: track.pathOf(row), row, recordingId: recording.id }
  }
  const main = mainTrackOf(tracks)
  if (main === undefined || row.kind !== 'segment') throw unknownSegment()
  const text = await readCuePiece({ subtitles: track, row, main, range: piece.range })
  return { kind: 'subtitles', text }
}

const hasFile = (row: Row): row is FileRow =>
  row.kind === 'segment' || row.kind === 'init' || row.kind === 'key'

export function unknownSegment(): VsrError {
  return new VsrError('segment_not_found', 'There is no segment with this name.')
}

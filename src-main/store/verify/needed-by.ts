import type { FileRow, SegmentRow } from '../model'
import type { TrackIndex } from '../track-index'

/** Whether a segment cannot be played without any of these rows: initialization sections and keys, by index. */
export const needsAny = (segment: SegmentRow, rows: ReadonlySet<number>): boolean =>
  rows.has(segment.initIndex) || (segment.keyIndex !== undefined && rows.has(segment.keyIndex))

/** How many segments need an initialization section or a key; 0 for a segment. */
export function dependentsOf({ told, lates }: TrackIndex, row: FileRow): number {
  if (row.kind === 'segment') return 0
  const own = new Set([row.index])
  let count = lates.filter((late) => needsAny(late, own)).length
  for (let position = 0; position < told.length; position += 1) {
    const needed = row.kind === 'init' ? told.initIndexAt(position) : told.keyIndexAt(position)
    if (needed === row.index) count += 1
  }
  return count
}

/** Rows of the same kind with the same bytes as this one, by size and checksum; the sections and keys of a track repeat. */
export function* equalsOf({ told }: TrackIndex, row: FileRow): Generator<FileRow> {
  if (row.kind === 'segment') return
  for (let position = 0; position < told.length; position += 1) {
    if (told.kindAt(position) !== row.kind || told.indexAt(position) === row.index) continue
    const other = told.rowAt(position)
    if (other.kind !== row.kind) continue
    if (other.bytes === row.bytes && other.checksum === row.checksum) yield other
  }
}

import type { FileRow, SegmentRow } from '../model'
import type { TrackIndex } from '../track-index'
import type { RowFault } from '../verify/fault'
import { needsAny } from '../verify/needed-by'
import { fileRowsOf } from '../verify/read-log'

/** Rows of a log whose footage is not to be had any more. */
export interface LostRows {
  /** In order, by index: segments become gaps; initialization sections and keys go. */
  readonly told: ReadonlySet<number>
  /** Late segments, by index: they go, and what they had filled is a gap again. */
  readonly late: ReadonlySet<number>
}

/** Whether a repair can do without the file of a row: it is certain that what was stored is not there. */
export const isLost = ({ problem }: RowFault): boolean =>
  problem === 'missing' || problem === 'changed'

/**
 * What a log loses where the files of these rows are not to be had: the rows, and the segments that cannot be played without them. Pure.
 * @returns the rows, and the segments whose own files are whole.
 */
export function lostRowsOf(
  index: TrackIndex,
  rows: readonly FileRow[],
): { readonly lost: LostRows; readonly withWholeFiles: readonly FileRow[] } {
  const told = new Set<number>()
  const late = new Set<number>()
  const add = (row: FileRow): void => {
    if (isLate(row)) late.add(row.index)
    else told.add(row.index)
  }
  const needed = new Set<number>()
  for (const row of rows) {
    add(row)
    if (row.kind !== 'segment') needed.add(row.index)
  }
  const withWholeFiles: FileRow[] = []
  if (needed.size > 0) {
    for (const row of fileRowsOf(index)) {
      if (row.kind !== 'segment' || !needsAny(row, needed)) continue
      if ((isLate(row) ? late : told).has(row.index)) continue
      add(row)
      withWholeFiles.push(row)
    }
  }
  return { lost: { told, late }, withWholeFiles }
}

export const isLate = (row: FileRow): row is SegmentRow & Required<Pick<SegmentRow, 'late'>> =>
  row.kind === 'segment' && row.late !== undefined

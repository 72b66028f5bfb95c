import type { Row, SegmentIndex } from './model'
import type { Patch } from './late-patches'

/** Counts the breaks of an index in which late segments stand in the place of gaps. */
export interface LateBreaks {
  /** Breaks before a row of a patch. */
  inPatch(patch: number, row: number): number
  /** What is to be added to the told count from the first segment behind a patch on. */
  shiftBehind(patch: number): number
}

/** Between two segments: what was counted, and whether anything stands there that breaks. */
interface Count {
  breaks: number
  isPending: boolean
  hasSegments: boolean
}

function pass(count: Count, row: Pick<Row, 'kind'> & { readonly late?: { apart: boolean } }): void {
  const isApart = row.late?.apart ?? false
  if (row.kind === 'segment') {
    if ((count.isPending || isApart) && count.hasSegments) count.breaks += 1
    count.hasSegments = true
    count.isPending = isApart
  } else if (row.kind === 'gap' || row.kind === 'discontinuity') count.isPending = true
}

/**
 * Only what stands between the segments around a patch is counted anew: everything behind it has as many more or fewer
 * breaks. A patch at the end of the log is counted to its end when the next segment is there.
 *
 * @param goneBreaks more than told, or fewer, that late segments made which were let go.
 */
export function createLateBreaks(
  told: SegmentIndex,
  patches: readonly Patch[],
  goneBreaks: number,
): LateBreaks {
  const inPatches: number[][] = []
  const shifts: number[] = []
  let shift = goneBreaks
  let end: { count: Count; position: number; patch: number } | undefined

  /** Goes on to the next segment; false where the log ends before one. */
  const finish = (open: { readonly count: Count; position: number }): boolean => {
    while (open.position < told.length) {
      const kind = told.kindAt(open.position)
      if (kind === 'segment') {
        pass(open.count, { kind })
        shift = open.count.breaks - told.discontinuitiesBefore(open.position)
        return true
      }
      pass(open.count, { kind })
      open.position += 1
    }
    return false
  }

  for (let next = 0; next < patches.length; ) {
    const first = next
    let position = patches[first]?.at ?? 0
    while (position > 0 && told.kindAt(position - 1) !== 'segment') position -= 1
    const count: Count = {
      breaks: told.discontinuitiesBefore(position) + shift,
      isPending: false,
      hasSegments: told.segmentsBefore(position) > 0 || first > 0,
    }
    for (;;) {
      const patch = patches[next]
      if (patch?.at === position) {
        inPatches.push(
          patch.rows.map((row) => {
            pass(count, row)
            return count.breaks
          }),
        )
        position += patch.takes
        next += 1
      } else if (position < told.length && told.kindAt(position) !== 'segment') {
        pass(count, { kind: told.kindAt(position) })
        position += 1
      } else break
    }
    const open = { count, position, patch: first }
    if (!finish(open)) end = open
    while (shifts.length < next) shifts.push(shift)
  }

  return {
    inPatch: (patch, row) => inPatches[patch]?.[row] ?? 0,
    shiftBehind(patch) {
      if (end !== undefined && patch >= end.patch) {
        if (!finish(end)) return end.count.breaks - told.discontinuitiesBefore(end.position)
        shifts.fill(shift, end.patch)
        end = undefined
      }
      return shifts[patch] ?? 0
    },
  }
}

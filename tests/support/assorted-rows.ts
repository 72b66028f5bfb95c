import type { Row } from '../../src-main/store/model'
import { sampleGap, segmentRow } from './fault-store-samples'

/** The first instant of `assortedRows`, unix ms. */
export const assortedStartMs = 1_700_000_000_000

export const discontinuityRow = (index: number, startMs: number): Row => ({
  kind: 'discontinuity',
  index,
  epoch: 0,
  startMs,
  reason: 'source',
  mediaSequence: 1,
  clock: 'arrival',
})
export const initRow = (index: number, startMs: number): Row => ({
  kind: 'init',
  index,
  epoch: 0,
  startMs,
  extension: 'mp4',
  bytes: 700,
  checksum: 5,
})
const keyRow = (index: number, startMs: number, random: () => number): Row => ({
  kind: 'key',
  index,
  epoch: 0,
  startMs,
  ...(random() < 0.5
    ? {}
    : { iv: `ffffffff0000000180000000${index.toString(16).padStart(8, 'f')}` }),
  bytes: 16,
  checksum: 9,
})

/** Rows of all kinds in any order, with holes in the index, equal starts and overlapping lengths. */
export function assortedRows(count: number, random: () => number): Row[] {
  const rows: Row[] = []
  let startMs = assortedStartMs
  let index = 0
  for (let at = 0; at < count; at += 1) {
    index += random() < 0.05 ? 3 : 1
    startMs += random() < 0.3 ? 0 : Math.floor(random() * 5000)
    const what = random()
    const durationSec = random() < 0.02 ? 600 : Math.round(random() * 6e6) / 1e6
    if (what < 0.7) {
      const initIndex = index % 3 === 0 ? -1 : index - 1
      const extension = index % 2 === 0 ? 'ts' : 'm4s'
      const key = random() < 0.2 ? { keyIndex: index % 7 } : {}
      rows.push(segmentRow(index, { startMs, durationSec, initIndex, extension, ...key }))
    } else if (what < 0.8)
      rows.push({ kind: 'gap', index, ...sampleGap(0, { startMs, durationSec }) })
    else if (what < 0.9) rows.push(discontinuityRow(index, startMs))
    else rows.push(what < 0.95 ? initRow(index, startMs) : keyRow(index, startMs, random))
  }
  return rows
}

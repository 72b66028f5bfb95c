import { expect, it } from 'vitest'
import { nextBehindBreaks, nextBesideSegments } from '../../../src-main/playback/next-row'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import { countReads } from '../../support/count-reads'
import { createRandom, sampleGap, segmentRow } from '../../support/fault-store-samples'

/** Each row is a gap with this likelihood. */
function indexWith(rows: number, likelihood: number, seed: number) {
  const random = createRandom(seed)
  const index = createSegmentIndex()
  for (let at = 0; at < rows; at += 1) {
    if (random() < likelihood) index.push({ kind: 'gap', index: at, ...sampleGap(at) })
    else index.push(segmentRow(at))
  }
  return index
}

it.each([0, 0.01, 0.2, 0.9, 1])('finds what a walk finds, with gaps in %d of the rows', (part) => {
  const index = indexWith(700, part, 5)
  const walk = (from: number, test: (at: number) => boolean) => {
    for (let at = from; at < index.length; at += 1) if (test(at)) return at
    return index.length
  }
  for (let from = 0; from <= index.length; from += 1) {
    expect(nextBesideSegments(index, from)).toBe(walk(from, (at) => index.kindAt(at) !== 'segment'))
    for (const breaks of [0, 3, 50]) {
      const isBehind = (at: number) =>
        index.kindAt(at) === 'segment' && index.discontinuitiesBefore(at) > breaks
      expect(nextBehindBreaks(index, from, breaks)).toBe(walk(from, isBehind))
    }
  }
})

it('looks at few of 100 000 segments', () => {
  const index = createSegmentIndex()
  for (let at = 0; at < 100_000; at += 1) index.push(segmentRow(at))
  index.push({ kind: 'gap', index: 100_000, ...sampleGap(100_000) })
  const counted = countReads(index)
  expect(nextBesideSegments(counted.index, 0)).toBe(100_000)
  expect(nextBehindBreaks(counted.index, 0, 0)).toBe(100_001)
  expect(counted.takeReads()).toBeLessThan(200)
})

import { describe, expect, it } from 'vitest'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'
import { follow, newNumbers } from '../../../support/follow-playlists'

const zeroMs = Date.UTC(2026, 0, 1)

/** Segments `first` … of run `run`; `at` is the place of the first one in the source's time, in segments, where it tells the time. */
function listing(run: string, first: number, count: number, at?: number): MediaPlaylist {
  const clock = at === undefined ? {} : { zeroMs: zeroMs + (at - first) * 2000 }
  return mediaPlaylist({ first, count, run, ...clock })
}

/** Enough loads of a run to know that its names are stable, ending at `last`. */
const steady = (run: string, last: number, count: number, at?: number) =>
  [last - 2, last - 1, last].map((end) =>
    listing(
      run,
      end - count + 1,
      count,
      at === undefined ? undefined : at - count + 1 + end - last,
    ),
  )

/** The names of all that was new, in order. */
const names = (diffs: ReturnType<typeof follow>) =>
  diffs.flatMap(({ newSegments }) =>
    newSegments.map(({ uri }) => uri.replace('http://edge1/', '').replace('.ts', '')),
  )

const missed = (diff: ReturnType<typeof follow>[number] | undefined) =>
  diff?.missed.map(({ firstMediaSequence, count }) => `${firstMediaSequence}+${count}`)

const kinds = (diffs: ReturnType<typeof follow>) => diffs.map(({ kind }) => kind)

describe('diffPlaylist: several numberings at once', () => {
  it('F04 remembers one that was left for as long as the source stands where it was left', () => {
    const begun = listing('b', 3, 2)
    const diffs = follow([
      ...steady('a', 104, 5),
      begun,
      listing('a', 101, 5),
      ...Array.from({ length: 12 }, () => begun),
      listing('b', 3, 3),
    ])
    expect(names(diffs.slice(3))).toEqual(['b-3', 'b-4', 'a-105', 'b-5'])
  })

  it('F04 believes that an edge goes on with the one that was left rather than that the new one leaps', () => {
    const diffs = follow([
      ...steady('a', 183, 5),
      listing('b', 0, 1),
      listing('b', 0, 3),
      listing('a', 199, 5),
      listing('b', 0, 4),
    ])
    expect(names(diffs.slice(3, 5))).toEqual(['b-0', 'b-1', 'b-2'])
    expect(missed(diffs[5])).toEqual(['184+15'])
    expect(newNumbers(diffs[6])).toEqual([3])
    expect(missed(diffs[6])).toEqual([])
  })

  it('F04 repeats nothing of a start that was seen short only, when an edge shows it again after another', () => {
    const begun = listing('b', 3, 1)
    const another = listing('c', 39, 1)
    const loads = [
      ...steady('a', 16, 3),
      // Until what was before is forgotten.
      ...Array.from({ length: 10 }, () => begun),
      another,
      begun,
      begun,
      another,
      listing('c', 39, 3),
    ]
    expect(names(follow(loads, 3).slice(3))).toEqual(['b-3', 'c-39', 'c-40', 'c-41'])
  })

  it('F06 believes that the new one jumps where it is not far', () => {
    const diffs = follow([
      ...steady('a', 15, 5),
      listing('b', 0, 1),
      listing('b', 0, 3),
      listing('b', 16, 5),
    ])
    expect(missed(diffs.at(-1))).toEqual(['3+13'])
  })

  it('F03 F04 tells two that numbered on from the same place by where they part', () => {
    const diffs = follow([
      ...steady('a', 171, 5),
      listing('b', 172, 1),
      listing('a', 169, 5),
      listing('b', 172, 3),
      listing('a', 170, 5),
      listing('b', 173, 3),
    ])
    expect(names(diffs.slice(3))).toEqual([
      'b-172',
      'a-172',
      'a-173',
      'b-173',
      'b-174',
      'a-174',
      'b-175',
    ])
  })

  it('F03 F04 finds among what was jumped over the segments of another start', () => {
    const other = listing('b', 138, 4)
    const diffs = follow([
      ...steady('a', 133, 5),
      listing('b', 138, 1),
      listing('a', 144, 5),
      other,
      other,
      other,
      listing('b', 138, 5),
    ])
    expect(kinds(diffs.slice(5, 8))).toEqual(['stale', 'stale', 'new-epoch'])
    expect(names(diffs.slice(7))).toEqual(['b-139', 'b-140', 'b-141', 'b-142'])
  })

  it('F03 takes all of a new start with the same names, though the old one jumped soon', () => {
    const begun = (count: number) => listing('a', 0, count)
    const slides = Array.from({ length: 30 }, (_, at) => listing('a', 24 + at, 5))
    const diffs = follow([begun(3), begun(4), ...slides, ...[1, 1, 5].map(begun)], 10)
    expect(diffs.slice(-3).flatMap(newNumbers)).toEqual([0, 1, 2, 3, 4])
  })

  it('F03 takes at once what lies before a numbering that has just begun: it was never seen', () => {
    const diffs = follow([
      ...steady('a', 130, 4),
      listing('b', 9, 4),
      listing('b', 4, 4),
      listing('b', 10, 4),
    ])
    expect(names(diffs.slice(4))).toEqual(['b-4', 'b-5', 'b-6', 'b-7', 'b-13'])
  })
})

describe('diffPlaylist: a new numbering in doubt', () => {
  const ours = steady('a', 25, 3)
  const older = listing('a', 22, 3)

  it('F03 keeps what it listed though its window moved on by all of it', () => {
    const diffs = follow([
      ...ours,
      listing('b', 16, 1),
      older,
      ...[17, 18, 18].map((first) => listing('b', first, 3)),
    ])
    expect(newNumbers(diffs.at(-1))).toEqual([16, 17, 18, 19, 20])
  })

  it('F06 notes what it jumped over meanwhile', () => {
    const diffs = follow([
      ...ours,
      ...[1, 2].map((count) => listing('b', 15, count)),
      listing('b', 18, 3),
    ])
    expect(newNumbers(diffs.at(-1))).toEqual([15, 16, 18, 19, 20])
    expect(missed(diffs.at(-1))).toEqual(['17+1'])
    expect(diffs.at(-1)?.cursor.nextMediaSequence).toBe(21)
  })

  it('F03 F04 takes all that it listed when an older copy of it decides', () => {
    const diffs = follow([
      ...ours,
      listing('b', 12, 2),
      listing('b', 13, 3),
      listing('b', 12, 2),
      listing('b', 14, 3),
    ])
    expect(newNumbers(diffs.at(-2))).toEqual([12, 13, 14, 15])
    expect(newNumbers(diffs.at(-1))).toEqual([16])
  })

  it('F04 does not take an older copy for a part of it: a window does not shrink', () => {
    const jump = listing('a', 36, 4)
    const diffs = follow([
      ...steady('a', 27, 4),
      jump,
      listing('a', 25, 4),
      ...[1, 2, 3].map((count) => listing('b', 30, count)),
    ])
    expect(names(diffs).filter((name) => name.startsWith('a'))).not.toContain('a-28')
    expect(names(diffs.slice(5))).toEqual(['b-30', 'b-31', 'b-32'])
  })
})

describe('diffPlaylist: several numberings of a source that tells the time', () => {
  const ours = steady('a', 141, 5, 41)

  it('F03 sees by the instants that the numbers leap, and misses nothing', () => {
    const [diff] = follow([...ours, listing('b', 168, 1, 42)]).slice(3)
    expect(diff?.kind).toBe('new-epoch')
    expect(missed(diff)).toEqual([])
    const [slower] = follow([...ours, listing('b', 145, 1, 60)]).slice(3)
    expect(slower?.kind).toBe('new')
  })

  it('F06 notes what a numbering had before it was seen, and F04 knows an older copy of that', () => {
    const diffs = follow([
      ...ours,
      listing('b', 19, 5, 59),
      listing('b', 4, 5, 44),
      listing('b', 20, 5, 60),
    ])
    expect(missed(diffs[3])).toEqual(['2+17'])
    expect(kinds(diffs.slice(3))).toEqual(['new-epoch', 'stale', 'new'])
  })

  it('F06 notes nothing before a numbering that has begun only now, nor before one whose instants are far away', () => {
    const short = follow([...ours, listing('b', 19, 2, 59)]).at(-1)
    expect(missed(short)).toEqual([])
    const leap = follow([...ours, listing('b', 100, 5, 90_000)]).at(-1)
    expect(missed(leap)).toEqual([])
  })

  it('F04 takes what is left of a numbering that was gone before it was seen', () => {
    const diffs = follow([
      ...ours,
      listing('c', 12, 1, 43),
      listing('b', 0, 1, 42),
      listing('c', 12, 2, 43),
      listing('b', 0, 1, 42),
    ])
    expect(names(diffs.slice(3))).toEqual(['c-12', 'b-0', 'c-13'])
  })

  it('F04 goes on with the one whose instants fit best', () => {
    const diffs = follow([
      ...ours,
      listing('c', 0, 1, 43),
      listing('b', 0, 1, 42),
      listing('c', 8, 5, 51),
    ])
    expect(missed(diffs.at(-1))).toEqual(['1+7'])
    const next = follow([
      ...ours,
      listing('c', 0, 1, 43),
      listing('b', 0, 1, 42),
      listing('c', 8, 5, 51),
      listing('c', 0, 2, 43),
    ]).at(-1)
    expect(next?.kind).toBe('stale')
  })

  it('F03 does not go on with one that the source had left by then', () => {
    const diffs = follow([...ours, listing('b', 140, 1, 42), listing('c', 144, 1, 43)])
    expect(kinds(diffs.slice(3))).toEqual(['new-epoch', 'new-epoch'])
    expect(missed(diffs.at(-1))).toEqual([])
  })

  it('F03 believes after a few loads that a source started over with its clock set back', () => {
    const back = [1, 2, 3].map((count) => listing('b', 0, count, -5000))
    const diffs = follow([...ours, ...back])
    expect(kinds(diffs.slice(3))).toEqual(['stale', 'stale', 'new-epoch'])
    expect(newNumbers(diffs.at(-1))).toEqual([0, 1, 2])
  })
})

import { describe, expect, it } from 'vitest'
import { breaksMsOf } from '../../../src-main/playback/breaks'
import { holesOf, paceOf } from '../../../src-main/playback/pace'
import type { SegmentIndex } from '../../../src-main/store/model'
import { countReads } from '../../support/count-reads'
import { createRandom } from '../../support/random'
import { createSampleLibrary, type SampleTrack } from '../../support/sample-library'

const ROWS = 100_000
/** Rows that one more request may read of a recording of any length. */
const FEW = 200

function twoTracks() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  const video = recording.sampleTrack({ id: 'v0' })
  const beside = recording.sampleTrack({ id: 'a0', kind: 'audio' })
  return { video, beside }
}

/** Appends to both tracks rows of 4 s; each misses one now and then, and the picture has a break. */
function grow({ video, beside }: ReturnType<typeof twoTracks>, rows: number) {
  for (let row = 0; row < rows; row += 1) {
    if (row % 97 === 5) video.gap({ durationSec: 4, count: 1 })
    else video.segment()
    if (row % 89 === 2) beside.gap({ durationSec: 4, count: 1 })
    else beside.segment()
  }
}

/** A track that is appended to at random: segments of any length, gaps, breaks, and segments that fill a gap late. */
function addRow(track: SampleTrack, random: () => number): void {
  const dice = random()
  const durationSec = 1 + Math.round(random() * 60) / 10
  if (dice < 0.15) track.gap({ durationSec, count: 1 })
  else if (dice < 0.22) track.discontinuity({ reason: random() < 0.5 ? 'epoch' : 'source' })
  else if (dice < 0.3) addLate(track, random)
  else track.segment({ durationSec })
}

function addLate(track: SampleTrack, random: () => number): void {
  const { index } = track
  const gaps = Array.from({ length: index.length }, (_, at) => at).filter(
    (at) => index.kindAt(at) === 'gap',
  )
  const at = gaps[Math.floor(random() * gaps.length)]
  if (at === undefined) return
  track.late(index.indexAt(at), { durationSec: index.durationSecAt(at) })
}

const sumBefore = (before: number, countAt: (position: number) => number) =>
  Array.from({ length: before }, (_, at) => countAt(at)).reduce((sum, count) => sum + count, 0)

function breaksAnew(index: SegmentIndex): number[] {
  const segments = Array.from({ length: index.length }, (_, at) => at).filter(
    (at) => index.kindAt(at) === 'segment',
  )
  return segments
    .filter((at, number) => {
      const before = segments[number - 1]
      return (
        before !== undefined &&
        index.discontinuitiesBefore(at) > index.discontinuitiesBefore(before)
      )
    })
    .map((at) => index.startMsAt(at))
}

describe('what is remembered of an index', () => {
  it.each(['holes', 'pace'] as const)('lets a playlist read few rows: %s', (name) => {
    const tracks = twoTracks()
    grow(tracks, ROWS)
    const video = countReads(tracks.video.index)
    const beside = countReads(tracks.beside.index)
    const count = () => {
      const counted = (name === 'holes' ? holesOf : paceOf)(beside.index, video.index)
      const answer = counted.countBefore(beside.index.length - 5)
      return { answer, reads: video.takeReads() + beside.takeReads() }
    }
    const first = count()
    expect(first.reads).toBeGreaterThan(ROWS)
    const second = count()
    expect(second.answer).toBe(first.answer)
    expect(second.reads).toBeLessThan(FEW)
    grow(tracks, 10)
    const third = count()
    expect(third.answer).toBeGreaterThan(first.answer)
    expect(third.reads).toBeLessThan(FEW)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is what a walk over all rows finds (seed %i)', (seed) => {
    const random = createRandom(seed)
    const { video, beside } = twoTracks()
    const pairs: { readonly index: SegmentIndex; readonly main: SegmentIndex }[] = []
    for (let step = 0; step < 150; step += 1) {
      // Either track may be ahead for a while.
      const ahead = Math.floor(step / 12) % 2 === 0 ? 0.8 : 0.2
      addRow(random() < ahead ? video : beside, random)
      if (pairs.at(-1)?.index !== beside.index || pairs.at(-1)?.main !== video.index) {
        pairs.push({ index: beside.index, main: video.index })
      }
      // Views of earlier moments grow on, too.
      for (const { index, main } of pairs.slice(-4)) {
        const holes = holesOf(index, main)
        const pace = paceOf(index, main)
        const before = Math.floor(random() * (index.length + 1))
        expect(breaksMsOf(main)).toEqual(breaksAnew(main))
        expect(holes.countBefore(before)).toBe(
          sumBefore(before, (at) => (holes.secOf(at) > 0 ? 1 : 0)),
        )
        expect(pace.countBefore(before)).toBe(
          sumBefore(before, (at) =>
            ['segment', 'gap'].includes(index.kindAt(at)) ? (pace.piecesOf(at)?.length ?? 1) : 0,
          ),
        )
      }
    }
  })
})

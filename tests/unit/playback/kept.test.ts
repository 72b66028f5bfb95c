import { describe, expect, it } from 'vitest'
import { breaksMsOf, discontinuityPositionsOf } from '../../../src-main/playback/breaks'
import { footageOf, prepareFootage, type Stretch } from '../../../src-main/playback/footage'
import { type GapSpan, gapSpans } from '../../../src-main/playback/gap-spans'
import { holesOf, paceOf } from '../../../src-main/playback/pace'
import { detailOf } from '../../../src-main/playback/recording-views'
import { timelineOf } from '../../../src-main/playback/timeline'
import type { RecordingStore, Row, SegmentIndex } from '../../../src-main/store/model'
import { countReads } from '../../support/count-reads'
import { createRandom } from '../../support/random'
import {
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleTrack,
} from '../../support/sample-library'

const ROWS = 100_000
/** Rows that one more request may read of a recording of any length. */
const FEW = 200

function twoTracks() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  const video = recording.sampleTrack({ id: 'v0' })
  const beside = recording.sampleTrack({ id: 'a0', kind: 'audio' })
  return { recording, video, beside }
}

/** Appends to both tracks rows of 4 s; each misses one now and then, and the picture has a break. */
function grow(
  { video, beside }: Pick<ReturnType<typeof twoTracks>, 'video' | 'beside'>,
  rows: number,
): void {
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
  const durationSec = (2 + Math.round(random() * 60)) / 10
  if (dice < 0.2) track.gap({ durationSec, count: 1 })
  else if (dice < 0.4) track.discontinuity({ reason: random() < 0.5 ? 'epoch' : 'source' })
  else if (dice < 0.48) addLate(track, random)
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

/** The recording with one track, whose index is another. */
const withIndex = (
  { recording, video }: ReturnType<typeof twoTracks>,
  index: SegmentIndex,
): RecordingStore => ({
  ...recording,
  meta: recording.meta,
  figures: recording.figures,
  tracks: () => Promise.resolve([{ ...video, index }]),
})

const rowsOf = (index: SegmentIndex): Row[] =>
  Array.from({ length: index.length }, (_, at) => index.rowAt(at))

/** Footage in the plainest way: what lies between two gaps, joined where it touches. */
function footageAnew(index: SegmentIndex): Stretch[] {
  const runs: Stretch[][] = [[]]
  for (const row of rowsOf(index)) {
    if (row.kind === 'gap') runs.push([])
    if (row.kind !== 'segment') continue
    runs
      .at(-1)
      ?.push({ fromMs: row.startMs, toMs: Math.round(row.startMs + row.durationSec * 1000) })
  }
  return runs.flatMap((run) => {
    const starts = run.filter((one, at) => at === 0 || one.fromMs - (run[at - 1]?.toMs ?? 0) > 500)
    return starts.map(({ fromMs }, at) => {
      const nextMs = starts[at + 1]?.fromMs ?? Infinity
      return {
        fromMs,
        toMs: Math.max(
          ...run
            .filter((one) => one.fromMs >= fromMs && one.fromMs < nextMs)
            .map(({ toMs }) => toMs),
        ),
      }
    })
  })
}

/** How many missing segments a track has, and when: each gap row by itself. */
const missingAnew = (index: SegmentIndex) =>
  rowsOf(index).flatMap((row) => (row.kind === 'gap' ? [row.mediaSequence] : []))
const missingOf = (spans: readonly GapSpan[]) =>
  spans.flatMap(({ firstMediaSequence, count }) =>
    Array.from({ length: count }, (_, at) => firstMediaSequence + at),
  )

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
    expect(first.reads).toBeGreaterThan(FEW)
    const second = count()
    expect(second.answer).toBe(first.answer)
    expect(second.reads).toBeLessThan(FEW)
    grow(tracks, 10)
    const third = count()
    expect(third.answer).toBeGreaterThan(first.answer)
    expect(third.reads).toBeLessThan(FEW)
  })

  it('is looked for in turns, so that nothing else has to wait for a long recording', async () => {
    const tracks = twoTracks()
    grow(tracks, ROWS)
    const video = countReads(tracks.video.index)
    const prepared = prepareFootage(video.index)
    const readsOfFirstTurn = video.takeReads()
    await prepared
    const readsOfOthers = video.takeReads()
    expect(footageOf(video.index)).toEqual(footageOf(tracks.video.index))
    expect(readsOfFirstTurn + readsOfOthers + video.takeReads()).toBeGreaterThan(2 * ROWS)
    expect(readsOfFirstTurn).toBeLessThan(3 * ROWS)
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

  it.each([
    [
      'where a sound is stored',
      (recording: RecordingStore) =>
        recording.tracks().then(([track]) => track && footageOf(track.index)),
    ],
    ['the timeline', timelineOf],
    ['the details', (recording: RecordingStore) => detailOf(recording, undefined)],
  ] as const)('lets a view read few rows: %s', async (_name, viewOf) => {
    const tracks = twoTracks()
    tracks.video.discontinuity({ reason: 'epoch' })
    grow(tracks, ROWS)
    const video = countReads(tracks.video.index)
    const recording = withIndex(tracks, video.index)
    const read = async () => {
      const view = await viewOf(recording)
      return { text: JSON.stringify(view), reads: video.takeReads() }
    }
    const first = await read()
    expect(first.reads).toBeGreaterThan(FEW)
    const second = await read()
    expect(second.text).toBe(first.text)
    expect(second.reads).toBeLessThan(FEW)
    grow(tracks, 10)
    const third = await read()
    expect(third.text).not.toBe(first.text)
    expect(third.reads).toBeLessThan(FEW)
  })

  it.each([1, 2, 3, 4])('shows the same footage and gaps as all rows do (seed %i)', (seed) => {
    const random = createRandom(seed)
    const { video } = twoTracks()
    const views: SegmentIndex[] = []
    for (let step = 0; step < 150; step += 1) {
      addRow(video, random)
      if (views.at(-1) !== video.index) views.push(video.index)
      for (const index of views.slice(-4)) {
        expect(footageOf(index)).toEqual(footageAnew(index))
        expect(missingOf(gapSpans(index))).toEqual(missingAnew(index))
        expect(gapSpans(index)).toHaveLength(
          rowsOf(index).filter(
            (row, at, rows) => row.kind === 'gap' && rows[at - 1]?.kind !== 'gap',
          ).length,
        )
        expect(discontinuityPositionsOf(index).map((at) => index.rowAt(at))).toEqual(
          rowsOf(index).filter(({ kind }) => kind === 'discontinuity'),
        )
      }
    }
  })

  it('does not change what was handed out', () => {
    const { video } = twoTracks()
    video.segment()
    video.gap({ durationSec: 4, count: 1 })
    video.segment()
    const footage = footageOf(video.index)
    const gaps = gapSpans(video.index)
    const before = JSON.stringify({ footage, gaps })
    video.segment()
    video.gap({ durationSec: 4, count: 1 })
    video.segment()
    expect(footageOf(video.index).at(0)).toEqual({
      fromMs: SAMPLE_START_MS,
      toMs: SAMPLE_START_MS + 4000,
    })
    expect(footageOf(video.index)).toHaveLength(3)
    expect(JSON.stringify({ footage, gaps })).toBe(before)
  })
})

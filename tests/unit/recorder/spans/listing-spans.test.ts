import { describe, expect, it } from 'vitest'
import type { Cue, DateRange } from '../../../../src-main/hls/playlist'
import { spansOfListing } from '../../../../src-main/recorder/spans/listing-spans'
import type { SpanRow } from '../../../../src-main/store/model'
import { mediaPlaylist } from '../../../support/playlists'

/** The source's clock is an hour ahead of the recording's timeline. */
const zeroMs = Date.UTC(2026, 0, 1, 13)
const placeZeroMs = Date.UTC(2026, 0, 1, 12)
const at = (sec: number) => placeZeroMs + sec * 1000

const range = (id: string, startSec: number, more: Partial<DateRange> = {}): DateRange => ({
  id,
  startMs: zeroMs + startSec * 1000,
  endOnNext: false,
  ...more,
})
const endingAt = (sec: number) => ({ endMs: zeroMs + sec * 1000 })
const cueOut = (mediaSequence: number, plannedDurationSec?: number): Cue => ({
  kind: 'out',
  mediaSequence,
  ...(plannedDurationSec === undefined ? {} : { plannedDurationSec }),
})
const cueOn = (mediaSequence: number): Cue => ({ kind: 'out', mediaSequence, continued: true })
const cueIn = (mediaSequence: number): Cue => ({ kind: 'in', mediaSequence })

interface Listing {
  /** Number of the first segment; each is 2 s long, and segment 0 lies at 0 s. */
  readonly first: number
  readonly dateRanges?: readonly DateRange[]
  readonly cues?: readonly Cue[]
  readonly epoch?: number
  readonly newEpochSec?: number
  readonly endList?: boolean
}

/** What is known after listings of ten segments each; `written` counts the rows that were new. */
function take(listings: readonly Listing[], firstSec = 0) {
  const known = new Map<string, SpanRow>()
  let written = 0
  for (const { first, epoch = 0, newEpochSec, endList = false, ...marks } of listings) {
    const playlist = { ...mediaPlaylist({ first, count: 10, zeroMs, endList }), ...marks }
    const placed = playlist.segments.map((segment) => ({
      segment,
      startMs: at(segment.mediaSequence * 2),
    }))
    const newEpochMs = newEpochSec === undefined ? undefined : at(newEpochSec)
    const firstMs = at(firstSec)
    for (const row of spansOfListing({ known, playlist, placed, epoch, firstMs, newEpochMs })) {
      known.set(row.id, row)
      written += 1
    }
  }
  const spans = [...known.values()]
  /** Seconds on the timeline. */
  const lengths = spans.map(({ startMs, endMs, plannedEndMs }) => [
    (startMs - placeZeroMs) / 1000,
    endMs === undefined ? undefined : (endMs - placeZeroMs) / 1000,
    ...(plannedEndMs === undefined ? [] : [(plannedEndMs - placeZeroMs) / 1000]),
  ])
  return { spans, lengths, written }
}

describe('EXT-X-DATERANGE', () => {
  it('lies on the timeline by the clock of the listing it stands in', () => {
    const { spans } = take([
      { first: 0, dateRanges: [range('show-7', 3.5, { className: 'tv.Episode', ...endingAt(9) })] },
    ])
    expect(spans).toEqual([
      {
        id: expect.stringMatching(/^d-[0-9a-f]{16}-\d+$/),
        kind: 'programme',
        label: 'show-7',
        epoch: 0,
        startMs: at(3.5),
        endMs: at(9),
      },
    ])
  })

  it('is written once, however often it is listed', () => {
    const dateRanges = [range('a', 4, endingAt(6)), range('b', 5, { plannedDurationSec: 30 })]
    const { written } = take(Array.from({ length: 100 }, (_, first) => ({ first, dateRanges })))
    expect(written).toBe(2)
  })

  it('is open with a planned end until a later listing tells its end', () => {
    const planned = range('a', 4, { plannedDurationSec: 30 })
    expect(take([{ first: 0, dateRanges: [planned] }]).lengths).toEqual([[4, undefined, 34]])
    const told = take([
      { first: 0, dateRanges: [planned] },
      { first: 2, dateRanges: [{ ...planned, ...endingAt(12) }] },
      { first: 4, dateRanges: [planned] },
    ])
    expect(told.lengths).toEqual([[4, 12, 34]])
    expect(told.written).toBe(2)
  })

  it('joins SCTE35-OUT and SCTE35-IN of one ID', () => {
    const out = range('splice-1', 4, { scte35: 'out', plannedDurationSec: 30 })
    const back = range('splice-1', 20, { scte35: 'in' })
    const inTurn = take([
      { first: 0, dateRanges: [out] },
      { first: 5, dateRanges: [back] },
      { first: 6, dateRanges: [back] },
    ])
    expect(inTurn.lengths).toEqual([[4, 20, 34]])
    expect(inTurn.spans[0]?.kind).toBe('ad')
    // What a lone SCTE35-IN ends began before the recording.
    expect(take([{ first: 0, dateRanges: [back] }]).lengths).toEqual([])
  })

  it('ends where the next of its CLASS begins when it says END-ON-NEXT', () => {
    const next = { className: 'programme', endOnNext: true }
    const { lengths } = take([
      { first: 0, dateRanges: [range('news', 2, next)] },
      { first: 0, dateRanges: [range('news', 2, next), range('ad', 6, { className: 'ad' })] },
      { first: 3, dateRanges: [range('weather', 14, next)] },
    ])
    expect(lengths).toEqual([
      [2, 14],
      [6, undefined],
      [14, undefined],
    ])
  })

  it('is another one when its ID comes again with another start', () => {
    const { lengths } = take([
      { first: 0, dateRanges: [range('1', 2, endingAt(4))] },
      { first: 5, dateRanges: [range('1', 14, endingAt(16))] },
    ])
    expect(lengths).toEqual([
      [2, 4],
      [14, 16],
    ])
  })

  it('takes a command without length for a moment', () => {
    expect(take([{ first: 0, dateRanges: [range('x', 5, { scte35: 'cmd' })] }]).lengths).toEqual([
      [5, 5],
    ])
  })

  it('leaves out what was over before the recording began, and keeps what had begun', () => {
    const dateRanges = [range('over', 1, endingAt(4)), range('running', 2, endingAt(15))]
    expect(take([{ first: 0, dateRanges }], 10).lengths).toEqual([[2, 15]])
  })

  it('ends with its epoch unless the new one lists it too', () => {
    const going = range('going', 4)
    const { lengths } = take([
      { first: 0, dateRanges: [range('left', 3), going] },
      { first: 100, epoch: 1, newEpochSec: 200, dateRanges: [going] },
    ])
    expect(lengths).toEqual([
      [3, 200],
      [4, undefined],
    ])
  })

  it('S10 S23 keeps hostile texts and numbers within bounds', () => {
    const { spans } = take([
      {
        first: 0,
        dateRanges: [
          range(`x\r\n#EXT-X-ENDLIST\u202e${'y'.repeat(5000)}`, 4, { plannedDurationSec: 1e300 }),
        ],
      },
    ])
    expect(spans[0]?.label).toMatch(/^x #EXT-X-ENDLIST y+…$/u)
    expect(spans[0]?.label.length).toBeLessThanOrEqual(80)
    expect(spans[0]?.plannedEndMs).toBe(99_999_999_999_999)
  })
})

describe('EXT-X-CUE-OUT and EXT-X-CUE-IN', () => {
  it('mark a break from segment to segment', () => {
    const { spans, lengths } = take([{ first: 0, cues: [cueOut(3, 30), cueIn(8)] }])
    expect(lengths).toEqual([[6, 16, 36]])
    expect(spans[0]).toMatchObject({ id: 'c-0-3', kind: 'ad', label: '' })
  })

  it('make one span of what each reload repeats, longer than planned', () => {
    const { lengths, written } = take(
      Array.from({ length: 12 }, (_, first) => ({
        first,
        // The parser names the first EXT-X-CUE-OUT-CONT once the beginning has left the window.
        cues: [
          ...(first <= 3 ? [cueOut(3, 10)] : []),
          ...(first > 3 && first < 12 ? [cueOn(first)] : []),
          ...(first + 10 > 12 ? [cueIn(12)] : []),
        ],
      })),
    )
    expect(lengths).toEqual([[6, 24, 16]])
    expect(written).toBe(2)
  })

  it('begin with the listing where their beginning was never seen', () => {
    const { lengths, written } = take([
      { first: 5, cues: [cueOn(5)] },
      { first: 6, cues: [cueOn(6), cueIn(9)] },
      { first: 7, cues: [cueOn(7), cueIn(9)] },
    ])
    expect(lengths).toEqual([[10, 18]])
    expect(written).toBe(2)
  })

  it('keep breaks apart that follow on each other', () => {
    const cues = [cueOut(2), cueIn(4), cueOut(4), cueIn(6)]
    const { lengths, written } = take([
      { first: 0, cues },
      { first: 1, cues },
    ])
    expect(lengths).toEqual([
      [4, 8],
      [8, 12],
    ])
    expect(written).toBe(2)
  })

  it('begin a new break after one whose end never came', () => {
    const { lengths } = take([{ first: 0, cues: [cueOut(1, 4), cueOut(6, 4)] }])
    expect(lengths).toEqual([
      [2, undefined, 6],
      [12, undefined, 16],
    ])
  })

  it('end with their epoch, at the planned end where that comes first', () => {
    const { lengths } = take([
      { first: 0, cues: [cueOut(1, 4)] },
      { first: 3, cues: [cueOut(9)] },
      { first: 0, epoch: 1, newEpochSec: 60, cues: [cueIn(1)] },
    ])
    expect(lengths).toEqual([
      [2, 6, 6],
      [18, 60],
    ])
  })

  it('go on in another numbering that lists them too, as redundant streams do', () => {
    const begun = { first: 0, cues: [cueOut(4, 20)] }
    const listed = { epoch: 1, newEpochSec: 12, first: 2 }
    const again = take([
      begun,
      { ...listed, cues: [cueOut(4, 20)] },
      { epoch: 1, first: 3, cues: [cueOut(4, 20), cueIn(10)] },
    ])
    expect(again.lengths).toEqual([[8, 20, 28]])
    const further = take([
      begun,
      { ...listed, first: 5, cues: [cueOn(5)] },
      { epoch: 1, first: 6, cues: [cueOn(6), cueIn(9)] },
    ])
    expect(further.lengths).toEqual([[8, 18, 28]])
    // One that has ended is known, too.
    const ended = take([
      { first: 0, cues: [cueOut(4), cueIn(6)] },
      { ...listed, cues: [cueOut(4), cueIn(6)] },
    ])
    expect(ended.lengths).toEqual([[8, 12]])
  })

  it('may stand behind the last segment of a complete list', () => {
    expect(take([{ first: 0, endList: true, cues: [cueOut(8), cueIn(10)] }]).lengths).toEqual([
      [16, 20],
    ])
  })
})

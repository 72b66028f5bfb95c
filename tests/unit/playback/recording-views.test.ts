import { describe, expect, it } from 'vitest'
import { detailOf, summaryOf } from '../../../src-main/playback/recording-views'
import { timelineOf } from '../../../src-main/playback/timeline'
import {
  recordingDetailSchema,
  recordingSummarySchema,
  timelineSchema,
} from '../../../src-preload/contract/model'
import { createSampleLibrary, SAMPLE_START_MS } from '../../support/sample-library'

function sample() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add({ state: 'recording' })
  const track = recording.sampleTrack({ codecs: 'avc1.64001f', language: 'en' })
  track.discontinuity({ reason: 'epoch', mediaSequence: 5, clock: 'arrival' })
  track.segment({ durationSec: 6, bytes: 500 })
  track.segment({ durationSec: 2, bytes: 500 })
  track.gap({ durationSec: 2, cause: 'not-found', count: 1 })
  track.discontinuity()
  track.segment({ durationSec: 10, startMs: SAMPLE_START_MS + 10_000.4, bytes: 1000 })
  return recording
}

describe('recording views', () => {
  it('sums up a running recording in the words of the contract', () => {
    const summary = summaryOf(sample(), {
      state: 'stalled',
      reason: { sinceMs: 5, nextTryMs: 9 },
      latencySec: -0.1,
      live: true,
    })
    expect(summary).toMatchObject({
      state: 'stalled',
      reason: { sinceMs: 5, nextTryMs: 9 },
      latencySec: 0,
      startMs: SAMPLE_START_MS,
      endMs: SAMPLE_START_MS + 20_000,
      durationSec: 18,
      segments: 3,
      gaps: 1,
      gapSec: 2,
      completeness: 0.9,
    })
    expect(() => recordingSummarySchema.parse(summary)).not.toThrow()
  })

  it('counts what is outstanding while it is, so that an outage never looks complete', () => {
    const status = { state: 'stalled' as const, live: true, outstandingSec: 10 }
    const summary = recordingSummarySchema.parse(summaryOf(sample(), status))
    expect(summary).toMatchObject({ outstandingSec: 10, completeness: 18 / 30 })
  })

  it('says what the sound beside the picture lacks, of several what the worst one does', async () => {
    const recording = sample()
    expect(summaryOf(recording, undefined)).not.toHaveProperty('soundGapSec')
    for (const [id, gapSec] of [
      ['a0', 3],
      ['a1', 7],
    ] as const) {
      const sound = recording.sampleTrack({ id, kind: 'audio' })
      sound.gap({ durationSec: gapSec, count: 0 })
      sound.segment({ durationSec: 20 - gapSec })
    }
    const subtitles = recording.sampleTrack({ id: 's0', kind: 'subtitles' })
    subtitles.gap({ durationSec: 15, count: 0 })
    const detail = recordingDetailSchema.parse(await detailOf(recording, undefined))
    expect(detail).toMatchObject({ gaps: 1, gapSec: 2, completeness: 0.9, soundGapSec: 7 })
    expect(detail.tracks.map(({ id, gaps, gapSec }) => [id, gaps, gapSec])).toEqual([
      ['v0', 1, 2],
      ['a0', 1, 3],
      ['a1', 1, 7],
      ['s0', 1, 15],
    ])
  })

  it('takes the state from the disk where nothing runs, and says why one failed', () => {
    const recording = createSampleLibrary({ dir: '/nowhere' }).add({
      state: 'failed',
      failure: { code: 'no_such_code', message: 'It broke.', hint: 'Mend it.' },
    })
    const summary = recordingSummarySchema.parse(summaryOf(recording, undefined))
    expect(summary).toMatchObject({
      state: 'failed',
      reason: { cause: { code: 'internal', message: 'It broke.', hint: 'Mend it.' } },
      startMs: SAMPLE_START_MS,
      completeness: 1,
      durationSec: 0,
    })
    expect(summary).not.toHaveProperty('endMs')
  })

  it('lists tracks, gaps and epochs', async () => {
    const detail = recordingDetailSchema.parse(await detailOf(sample(), undefined))
    expect(detail.tracks).toEqual([
      {
        id: 'v0',
        kind: 'video',
        codecs: 'avc1.64001f',
        language: 'en',
        segments: 3,
        bytes: 2000,
        gaps: 1,
        gapSec: 2,
      },
    ])
    expect(detail.gapList).toEqual([
      {
        track: 'v0',
        fromMs: SAMPLE_START_MS + 8000,
        toMs: SAMPLE_START_MS + 10_000,
        cause: 'not-found',
        firstMediaSequence: 102,
        count: 1,
      },
    ])
    expect(detail.epochs).toEqual([
      { track: 'v0', epoch: 0, startMs: SAMPLE_START_MS, firstMediaSequence: 5, clock: 'arrival' },
    ])
  })

  it('F07 shows a stretch of missing segments with one cause as one gap, however it was noted', async () => {
    const recording = createSampleLibrary({ dir: '/nowhere' }).add()
    const track = recording.sampleTrack()
    track.segment()
    for (let count = 0; count < 5; count += 1) {
      track.gap({ durationSec: 2, cause: 'protected', count: 1 })
    }
    track.gap({ durationSec: 2, cause: 'not-found', count: 1 })
    track.segment()
    track.gap({ durationSec: 2, cause: 'not-found', count: 1 })
    const detail = recordingDetailSchema.parse(await detailOf(recording, undefined))
    const shown = [
      {
        cause: 'protected',
        count: 5,
        fromMs: SAMPLE_START_MS + 4000,
        toMs: SAMPLE_START_MS + 14_000,
      },
      { cause: 'not-found', count: 1 },
      { cause: 'not-found', count: 1 },
    ]
    expect(detail.gapList).toMatchObject(shown)
    expect(detail).toMatchObject({ gaps: 3, gapSec: 14 })
    expect((await timelineOf(recording)).gaps).toMatchObject(shown)
  })

  it('draws footage as merged spans between gaps', async () => {
    const timeline = timelineSchema.parse(await timelineOf(sample()))
    expect(timeline).toMatchObject({
      startMs: SAMPLE_START_MS,
      footage: [
        { fromMs: SAMPLE_START_MS, toMs: SAMPLE_START_MS + 8000 },
        { fromMs: SAMPLE_START_MS + 10_000, toMs: SAMPLE_START_MS + 20_000 },
      ],
      gaps: [{ cause: 'not-found', count: 1 }],
      discontinuitiesMs: [SAMPLE_START_MS + 10_000],
    })
    const empty = createSampleLibrary({ dir: '/nowhere' }).add()
    expect(timelineSchema.parse(await timelineOf(empty)).footage).toEqual([])
  })
})

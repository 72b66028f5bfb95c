import { describe, expect, it } from 'vitest'
import { diffPlaylist } from '../../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import { emptyTimeline, type PlanItem, planBatch } from '../../../src-main/recorder/plan'
import type { GapCause } from '../../../src-preload/contract/model'
import { mediaPlaylist, onlyStream } from '../../support/playlists'

const nowMs = Date.UTC(2026, 0, 1, 12)
const zeroMs = Date.UTC(2026, 0, 1)

/** Loads playlists at the given seconds after `nowMs` and plans each of them. */
function plan(
  loads: readonly { playlist: MediaPlaylist; atSec: number; missedCause?: GapCause }[],
) {
  let cursor: PlaylistCursor | undefined
  let timeline = emptyTimeline
  let newEpoch = 0
  return loads.map(({ playlist, atSec, missedCause = 'sequence-gap' }) => {
    const previous = cursor
    const diff = diffPlaylist({ cursor, playlist, newEpoch, elapsedSec: 2 })
    if (diff.kind === 'new-epoch') newEpoch += 1
    const loadedMs = nowMs + atSec * 1000
    const batch = planBatch({
      diff,
      playlist,
      stream: onlyStream,
      timeline,
      previous,
      others: [],
      missedCause,
      nowMs: loadedMs,
    })
    cursor = diff.cursor
    timeline = batch.timeline
    return batch.items
  })
}

const startsSec = (items: readonly PlanItem[] | undefined, fromMs: number) =>
  (items ?? []).flatMap((item) =>
    item.kind === 'segment' ? [(item.planned.startMs - fromMs) / 1000] : [],
  )

describe('planBatch', () => {
  it('takes the instants of the source where it tells them', () => {
    const [items] = plan([{ playlist: mediaPlaylist({ first: 10, count: 3, zeroMs }), atSec: 0 }])
    expect(items?.[0]).toEqual({
      kind: 'break',
      row: {
        epoch: 0,
        startMs: zeroMs + 20_000,
        mediaSequence: 10,
        reason: 'epoch',
        clock: 'source',
      },
    })
    expect(startsSec(items, zeroMs)).toEqual([20, 22, 24])
  })

  it('else anchors the epoch so that the listing ends now', () => {
    const [items] = plan([{ playlist: mediaPlaylist({ first: 10, count: 6 }), atSec: 0 }])
    expect(items?.[0]).toMatchObject({ row: { clock: 'arrival', startMs: nowMs - 6000 } })
    expect(startsSec(items, nowMs)).toEqual([-6, -4, -2])
  })

  it('anchors VOD without instants at now', () => {
    const playlist = mediaPlaylist({ first: 0, count: 2, endList: true })
    expect(startsSec(plan([{ playlist, atSec: 0 }])[0], nowMs)).toEqual([0, 2])
  })

  it('does not follow the jitter of the source clock, but its steps', () => {
    const jitter =
      (ms: number) => (segment: { programDateTimeMs?: number; mediaSequence: number }) => ({
        programDateTimeMs:
          zeroMs + segment.mediaSequence * 2000 + (segment.mediaSequence >= 3 ? ms : 0),
      })
    const withStep = (ms: number) =>
      plan([
        { playlist: mediaPlaylist({ first: 2, count: 3, zeroMs, patch: jitter(ms) }), atSec: 0 },
      ])
    expect(startsSec(withStep(400)[0], zeroMs)).toEqual([4, 6, 8])
    expect(startsSec(withStep(-400)[0], zeroMs)).toEqual([4, 6, 8])
    expect(startsSec(withStep(700)[0], zeroMs)).toEqual([4, 6.7, 8.7])
  })

  it('never goes back, even when the source clock does', () => {
    const back = mediaPlaylist({ first: 0, count: 2, run: 'b', zeroMs: zeroMs - 3_600_000 })
    const [, second] = plan([
      { playlist: mediaPlaylist({ first: 100, count: 3, zeroMs }), atSec: 0 },
      { playlist: { ...back, endList: true }, atSec: 2 },
    ])
    expect(startsSec(second, zeroMs)).toEqual([])
    const [, reset] = plan([
      { playlist: mediaPlaylist({ first: 100, count: 3 }), atSec: 0 },
      { playlist: back, atSec: 2 },
    ])
    expect(startsSec(reset, nowMs)).toEqual([0, 2])
  })

  it('F06 gives missed numbers one gap row, as long as they would have been', () => {
    const [, items] = plan([
      { playlist: mediaPlaylist({ first: 10, count: 3 }), atSec: 0 },
      { playlist: mediaPlaylist({ first: 36, count: 3 }), atSec: 52 },
    ])
    expect(items?.[0]).toMatchObject({
      kind: 'gap',
      row: { mediaSequence: 13, count: 23, durationSec: 46, startMs: nowMs, cause: 'sequence-gap' },
    })
    expect(startsSec(items, nowMs)).toEqual([46, 48, 50])
  })

  it('F06 measures missed numbers by the source clock where it is believable', () => {
    const patch = ({ mediaSequence }: { mediaSequence: number }) => ({
      programDateTimeMs: zeroMs + mediaSequence * 2000 + (mediaSequence >= 20 ? 3000 : 0),
    })
    const [, items] = plan([
      { playlist: mediaPlaylist({ first: 10, count: 3, zeroMs, patch }), atSec: 0 },
      { playlist: mediaPlaylist({ first: 20, count: 3, zeroMs, patch }), atSec: 20 },
    ])
    expect(items?.[0]).toMatchObject({ kind: 'gap', row: { count: 7, durationSec: 17 } })
    expect(startsSec(items, zeroMs)[0]).toBe(43)
  })

  it('F06 puts what a numbering had before it was seen between it and the one before', () => {
    const before = [100, 101].map((first) => mediaPlaylist({ first, count: 5, zeroMs }))
    const restarted = mediaPlaylist({ first: 19, count: 5, run: 'b', zeroMs: zeroMs + 210_000 })
    const items = plan(
      [...before, restarted].map((playlist, at) => ({ playlist, atSec: at * 2 })),
    ).at(-1)
    expect(items?.slice(0, 2)).toMatchObject([
      { kind: 'break', row: { epoch: 1, mediaSequence: 1, startMs: zeroMs + 212_000 } },
      { kind: 'gap', row: { epoch: 1, mediaSequence: 1, count: 18, durationSec: 36 } },
    ])
    expect(startsSec(items, zeroMs)).toEqual([248, 250, 252, 254, 256])
  })

  it('F06 puts the gap of what a numbering jumped over while it was in doubt where it jumped', () => {
    const ours = [19, 20, 21].map((first) => mediaPlaylist({ first, count: 3 }))
    const doubted = [15, 15, 18].map((first, at) =>
      mediaPlaylist({ first, count: at + 1, run: 'b' }),
    )
    const loads = [...ours, ...doubted].map((playlist, at) => ({ playlist, atSec: at * 2 }))
    const items = plan(loads).at(-1) ?? []
    expect(
      items.map((item) =>
        item.kind === 'segment'
          ? item.planned.segment.mediaSequence
          : `${item.kind} ${item.row.mediaSequence}`,
      ),
    ).toEqual(['break 15', 15, 16, 'gap 17', 18, 19, 20])
    const starts = startsSec(items, nowMs)
    expect(starts.map((start) => start - (starts[0] ?? 0))).toEqual([0, 2, 6, 8, 10])
  })

  it('F07 makes EXT-X-GAP a gap row and requests nothing', () => {
    const patch = ({ mediaSequence }: { mediaSequence: number }) => ({ gap: mediaSequence === 11 })
    const [items] = plan([{ playlist: mediaPlaylist({ first: 10, count: 3, patch }), atSec: 0 }])
    expect(items?.map(({ kind }) => kind)).toEqual(['break', 'segment', 'gap', 'segment'])
    expect(items?.[2]).toMatchObject({ row: { mediaSequence: 11, count: 1, cause: 'source-gap' } })
  })

  it('marks EXT-X-DISCONTINUITY once, and not again where an epoch begins', () => {
    const patch = ({ mediaSequence }: { mediaSequence: number }) => ({
      discontinuity: mediaSequence === 10 || mediaSequence === 12,
    })
    const [items] = plan([{ playlist: mediaPlaylist({ first: 10, count: 3, patch }), atSec: 0 }])
    const breaks = (items ?? []).flatMap((item) => (item.kind === 'break' ? [item.row.reason] : []))
    expect(breaks).toEqual(['epoch', 'source'])
  })

  it('leaves a hole where the source made nothing for minutes and tells no time', () => {
    const [, , items] = plan([
      { playlist: mediaPlaylist({ first: 0, count: 3 }), atSec: 0 },
      { playlist: mediaPlaylist({ first: 1, count: 3 }), atSec: 2 },
      { playlist: mediaPlaylist({ first: 2, count: 3 }), atSec: 124 },
    ])
    expect(startsSec(items, nowMs)).toEqual([122])
  })

  it('leaves no hole where reloads only come a little late', () => {
    const [, , items] = plan([
      { playlist: mediaPlaylist({ first: 0, count: 3 }), atSec: 0 },
      { playlist: mediaPlaylist({ first: 1, count: 3 }), atSec: 2 },
      { playlist: mediaPlaylist({ first: 2, count: 3 }), atSec: 9 },
    ])
    expect(startsSec(items, nowMs)).toEqual([2])
  })

  const resetAfter = (awaySec: number, missedCause: GapCause) =>
    plan([
      { playlist: mediaPlaylist({ first: 100, count: 3, zeroMs }), atSec: 0 },
      {
        playlist: mediaPlaylist({
          first: 0,
          count: 3,
          run: 'b',
          zeroMs: zeroMs + 206_000 + awaySec * 1000,
        }),
        atSec: awaySec,
        missedCause,
      },
    ])[1]

  it('shows the time away as a gap when the numbering has begun anew meanwhile', () => {
    const items = resetAfter(60, 'restart')
    expect(items?.map(({ kind }) => kind)).toEqual([
      'gap',
      'break',
      'segment',
      'segment',
      'segment',
    ])
    expect(items?.[0]).toEqual({
      kind: 'gap',
      row: {
        epoch: 0,
        startMs: zeroMs + 206_000,
        mediaSequence: 103,
        discontinuitySequence: 0,
        durationSec: 60,
        cause: 'restart',
        count: 0,
      },
    })
  })

  it('begins an epoch at a whole millisecond, also where the one before ends between two', () => {
    const odd = mediaPlaylist({
      first: 900,
      count: 3,
      run: 'b',
      patch: () => ({ durationSec: 2.0003 }),
    })
    const early = mediaPlaylist({ first: 0, count: 3, run: 'c', zeroMs: zeroMs - 9_000_000 })
    const items = plan([
      { playlist: odd, atSec: 0 },
      { playlist: early, atSec: 6 },
    ])[1]
    const starts = items?.map((item) =>
      item.kind === 'segment' ? item.planned.startMs : item.row.startMs,
    )
    expect(items?.[0]?.kind).toBe('break')
    expect(starts?.filter((startMs) => !Number.isInteger(startMs))).toEqual([])
    expect(starts?.[0]).toBe(starts?.[1])
  })

  it('calls nothing missing when a source that could be reached all the time begins anew', () => {
    expect(resetAfter(60, 'sequence-gap')?.[0]?.kind).toBe('break')
    expect(resetAfter(1, 'network')?.[0]?.kind).toBe('break')
  })
})

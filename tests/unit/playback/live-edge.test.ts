import { describe, expect, it } from 'vitest'
import type { LiveSegment, LiveTrack } from '../../../src-main/ports/live-parts'
import { hasReached } from '../../../src-main/playback/awaited'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { renderMediaPlaylist } from '../../../src-main/playback/media-playlist'
import { lastSegmentsWindow, wholeWindow } from '../../../src-main/playback/window'
import { createSampleLibrary, type SampleTrack } from '../../support/sample-library'

const style = { recordingId: 'sample000001', trackId: 'v0', prefix: '', suffix: '?token=t' }

/** Five stored segments. */
function newTrack(): SampleTrack {
  const track = createSampleLibrary({ dir: '/nowhere' }).add().sampleTrack()
  track.discontinuity({ reason: 'epoch' })
  for (let at = 0; at < 5; at += 1) track.segment({ durationSec: 2 })
  return track
}

/** The source's number of the last stored segment. */
function lastRow({ index }: SampleTrack) {
  const row = index.rowAt(index.length - 1)
  if (row.kind !== 'segment') throw new Error('the last row is no segment')
  return row
}

const segmentOf = (mediaSequence: number, parts: number, epoch = 0): LiveSegment => ({
  epoch,
  mediaSequence,
  parts: Array.from({ length: parts }, (_, at) => ({
    durationSec: 0.5,
    independent: at === 0,
    body: Buffer.from(`part ${at}`),
  })),
})
const liveOf = (...segments: LiveSegment[]): LiveTrack => ({ partTargetSec: 0.5, segments })

async function render(track: SampleTrack, live: LiveTrack | undefined, type: 'LIVE' | 'EVENT') {
  const { index } = track
  const buffers = await renderMediaPlaylist({
    index,
    window: type === 'EVENT' ? wholeWindow(index) : lastSegmentsWindow(index, index.length, 5),
    eraOf: (position) => index.discontinuitiesBefore(position),
    style,
    type,
    live,
    ended: false,
    cache: createBlockCache({ limitBytes: 1e6 }),
  })
  return Buffer.concat(buffers ?? [])
    .toString()
    .split('\n')
}

describe('the live edge in a playlist', () => {
  it.each(['LIVE', 'EVENT'] as const)(
    'lists the parts of the segment in progress, and those still at hand of stored ones (%s)',
    async (type) => {
      const track = newTrack()
      const { mediaSequence: last } = lastRow(track)
      const lines = await render(track, liveOf(segmentOf(last, 4), segmentOf(last + 1, 2)), type)
      expect(lines).toContain('#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5')
      expect(lines).toContain('#EXT-X-PART-INF:PART-TARGET=0.5')
      const name = (mediaSequence: number, part: number) =>
        `URI="sample000001-v0-p0-${mediaSequence}-${part}.ts?token=t"`
      expect(lines.slice(-10)).toEqual([
        `#EXT-X-PART:DURATION=0.5,${name(last, 0)},INDEPENDENT=YES`,
        ...[1, 2, 3].map((part) => `#EXT-X-PART:DURATION=0.5,${name(last, part)}`),
        '#EXTINF:2,',
        `sample000001-v0-${lastRow(track).index}.ts?token=t`,
        `#EXT-X-PART:DURATION=0.5,${name(last + 1, 0)},INDEPENDENT=YES`,
        `#EXT-X-PART:DURATION=0.5,${name(last + 1, 1)}`,
        `#EXT-X-PRELOAD-HINT:TYPE=PART,${name(last + 1, 2)}`,
        '',
      ])
    },
  )

  it.each<[string, (last: number) => LiveTrack]>([
    ['another epoch', (last) => liveOf(segmentOf(last + 1, 2, 7))],
    ['a segment further on', (last) => liveOf(segmentOf(last + 2, 2))],
    ['nothing yet', (last) => liveOf(segmentOf(last + 1, 0))],
  ])('lists no part of %s', async (_, live) => {
    const track = newTrack()
    const lines = await render(track, live(lastRow(track).mediaSequence), 'LIVE')
    expect(lines.filter((line) => line.startsWith('#EXT-X-PART:'))).toEqual([])
  })

  it('lists no part behind a break or a gap', async () => {
    const track = newTrack()
    const { mediaSequence } = lastRow(track)
    track.gap({ durationSec: 2 })
    const lines = await render(track, liveOf(segmentOf(mediaSequence + 1, 2)), 'LIVE')
    expect(lines.filter((line) => line.startsWith('#EXT-X-PART:'))).toEqual([])
  })

  it('declares no part that is shorter than one that is listed', async () => {
    const track = newTrack()
    const { mediaSequence } = lastRow(track)
    const live = { ...liveOf(segmentOf(mediaSequence + 1, 2)), partTargetSec: 0.2 }
    expect(await render(track, live, 'LIVE')).toContain('#EXT-X-PART-INF:PART-TARGET=0.5')
  })

  it('changes nothing of a playlist without parts', async () => {
    const track = newTrack()
    expect((await render(track, undefined, 'LIVE')).join('\n')).not.toMatch(/PART|SERVER-CONTROL/)
  })
})

describe('hasReached', () => {
  const track = newTrack()
  const { index } = track
  const window = wholeWindow(index)
  const live = liveOf(segmentOf(lastRow(track).mediaSequence + 1, 2))
  const reached = (msn: number, part?: number) =>
    hasReached({ awaited: { msn, part }, index, window, live })

  it.each<[number, number | undefined, boolean]>([
    [3, undefined, true],
    [4, 99, true],
    [5, undefined, false],
    [5, 0, true],
    [5, 1, true],
    [5, 2, false],
    [6, 0, false],
    [7, undefined, false],
  ])('segment %s, part %s of five segments and two parts: %s', (msn, part, isReached) => {
    expect(reached(msn, part)).toBe(isReached)
  })

  it('refuses what no player can be waiting for', () => {
    expect(() => reached(8)).toThrow(/does not reach/)
  })
})

import { Parser } from 'm3u8-parser'
import { describe, expect, it } from 'vitest'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { renderMediaPlaylist } from '../../../src-main/playback/media-playlist'
import { overlappingWindow, type Window, wholeWindow } from '../../../src-main/playback/window'
import {
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleTrack,
} from '../../support/sample-library'

const style = { recordingId: 'sample000001', trackId: 'v0', prefix: '', suffix: '' }

function newTrack(): SampleTrack {
  return createSampleLibrary({ dir: '/nowhere' }).add().sampleTrack()
}

function createRenderer() {
  const cache = createBlockCache({ limitBytes: 1e8 })
  return async (track: SampleTrack, window: Window = wholeWindow(track.index)) => {
    const { index } = track
    const parts = await renderMediaPlaylist({
      index,
      window,
      eraOf: (position) => index.discontinuitiesBefore(position),
      style,
      type: 'VOD',
      ended: true,
      cache,
    })
    return parts === undefined ? undefined : Buffer.concat(parts).toString()
  }
}

function parse(text: string | undefined) {
  const parser = new Parser()
  parser.push(text ?? '')
  parser.end()
  return parser.manifest
}

/** A long track with breaks of every kind, from a fixed seed. */
function longTrack(rows: number): SampleTrack {
  const track = newTrack()
  track.discontinuity({ reason: 'epoch' })
  let initIndex = track.init()
  let seed = 7
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  for (let row = 0; row < rows; row += 1) {
    const dice = random()
    if (dice < 0.02) track.gap({ durationSec: 3 + row / 1000 })
    else if (dice < 0.04) track.discontinuity()
    else if (dice < 0.05) {
      track.discontinuity({ reason: 'init-change' })
      initIndex = track.init()
    } else track.segment({ durationSec: 3 + random() * 2, extension: 'm4s', initIndex })
  }
  return track
}

describe('renderMediaPlaylist', () => {
  it('lists segments with their instants, breaks, gaps and initialization sections', async () => {
    const track = newTrack()
    track.discontinuity({ reason: 'epoch' })
    const first = track.init()
    track.segment({ initIndex: first, extension: 'm4s' })
    track.gap({ durationSec: 8, cause: 'timeout' })
    track.discontinuity()
    track.segment({ initIndex: first, extension: 'm4s' })
    track.discontinuity({ reason: 'init-change' })
    const second = track.init()
    track.segment({ initIndex: second, extension: 'm4s' })
    expect(await createRenderer()(track)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:6',
        '#EXT-X-TARGETDURATION:4',
        '#EXT-X-MEDIA-SEQUENCE:0',
        '#EXT-X-DISCONTINUITY-SEQUENCE:0',
        '#EXT-X-PLAYLIST-TYPE:VOD',
        '#EXT-X-MAP:URI="sample000001-v0-1.mp4"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z',
        '#EXTINF:4,',
        'sample000001-v0-2.m4s',
        '#EXT-X-DATERANGE:ID="gap-3",CLASS="vsr.gap",START-DATE="2026-09-21T14:13:24.000Z",DURATION=8,X-CAUSE="timeout"',
        '#EXT-X-DISCONTINUITY',
        '#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:32.000Z',
        '#EXTINF:4,',
        'sample000001-v0-5.m4s',
        '#EXT-X-DISCONTINUITY',
        '#EXT-X-MAP:URI="sample000001-v0-7.mp4"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:36.000Z',
        '#EXTINF:4,',
        'sample000001-v0-8.m4s',
        '#EXT-X-ENDLIST',
        '',
      ].join('\n'),
    )
  })

  it('numbers a window in the middle as the whole recording does', async () => {
    const track = longTrack(3000)
    const render = createRenderer()
    const whole = parse(await render(track)).segments ?? []
    const sequenceOf = new Map(whole.map((segment, at) => [segment.uri, { at, segment }]))
    for (const from of [1, 3, 511, 512, 1000, 1023, 1024, 1025, 2047, 2999]) {
      const to = Math.min(track.index.length, from + 700)
      const manifest = parse(await render(track, { from, to }))
      const segments = manifest.segments ?? []
      const first = sequenceOf.get(segments[0]?.uri ?? '')
      expect(manifest.mediaSequence).toBe(first?.at)
      expect(manifest.discontinuitySequence).toBe(first?.segment.timeline)
      expect(segments[0]).toMatchObject({ map: first?.segment.map })
      expect(segments[0]?.discontinuity ?? false).toBe(false)
      expect(segments.length).toBe(
        track.index.segmentsBefore(to) - track.index.segmentsBefore(from),
      )
      for (const segment of segments.slice(1)) {
        const { at, segment: same } = sequenceOf.get(segment.uri) ?? {}
        expect(at).toBeDefined()
        expect(segment.discontinuity ?? false).toBe(same?.discontinuity ?? false)
        expect(segment.map?.uri).toBe(same?.map?.uri)
      }
    }
  })

  it('gives the same text from kept blocks as from fresh ones, while the track grows', async () => {
    const track = longTrack(1500)
    const kept = createRenderer()
    for (let step = 0; step < 20; step += 1) {
      expect(await kept(track)).toBe(await createRenderer()(track))
      for (let added = 0; added < 61; added += 1) track.segment()
      track.gap()
    }
    const older = { from: 5, to: 1400 }
    expect(await kept(track, older)).toBe(await createRenderer()(track, older))
  })

  it('lets a player compute every instant from the listed ones to within 25 ms', async () => {
    const track = longTrack(2000)
    let clockMs = Number.NaN
    let position = 0
    for (const line of (await createRenderer()(track))?.split('\n') ?? []) {
      if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) clockMs = Date.parse(line.slice(25))
      if (!line.startsWith('#EXTINF:')) continue
      while (track.index.kindAt(position) !== 'segment') position += 1
      expect(Math.abs(clockMs - track.index.startMsAt(position))).toBeLessThan(25)
      clockMs += Number.parseFloat(line.slice(8)) * 1000
      position += 1
    }
  })

  it('has nothing to say where a window holds no segment', async () => {
    const track = newTrack()
    track.discontinuity({ reason: 'epoch' })
    track.gap()
    expect(await createRenderer()(track)).toBeUndefined()
  })

  it('skips segments whose initialization section was lost with its row', async () => {
    const track = newTrack()
    track.segment({ initIndex: 999, extension: 'm4s' })
    const init = track.init()
    track.segment({ initIndex: init, extension: 'm4s' })
    const uris = parse(await createRenderer()(track)).segments?.map(({ uri }) => uri)
    expect(uris).toEqual(['sample000001-v0-2.m4s'])
  })

  it('finds exactly the segments that overlap a span, its end not included', () => {
    const { index, segment } = newTrack()
    for (let count = 0; count < 10; count += 1) segment()
    const span = (fromSec: number, toSec: number) =>
      overlappingWindow(index, {
        fromMs: SAMPLE_START_MS + fromSec * 1000,
        toMs: SAMPLE_START_MS + toSec * 1000,
      })
    expect(span(4, 8)).toEqual({ from: 1, to: 2 })
    expect(span(3.999, 8.001)).toEqual({ from: 0, to: 3 })
    expect(span(-100, 0)).toEqual({ from: 0, to: 0 })
    expect(span(40, 50)).toEqual({ from: 10, to: 10 })
    expect(overlappingWindow(index, { fromMs: SAMPLE_START_MS + 36_000 })).toEqual({
      from: 9,
      to: 10,
    })
  })

  it('keeps no more rendered text than it may', () => {
    const cache = createBlockCache({ limitBytes: 100 })
    const block = (bytes: number) => ({ text: Buffer.alloc(bytes), longestSec: 4 })
    cache.put('a', block(60))
    cache.put('b', block(30))
    expect(cache.get('a')).toBeDefined()
    cache.put('c', block(30))
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('a')).toBeDefined()
    cache.put('a', block(10))
    cache.put('d', block(60))
    expect(cache.get('c')).toBeDefined()
  })
})

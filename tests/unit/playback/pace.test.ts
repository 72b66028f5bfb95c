import { describe, expect, it } from 'vitest'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { erasOf } from '../../../src-main/playback/era'
import { renderMediaPlaylist } from '../../../src-main/playback/media-playlist'
import { paceOf } from '../../../src-main/playback/pace'
import { type Window, wholeWindow } from '../../../src-main/playback/window'
import {
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleTrack,
} from '../../support/sample-library'

function twoTracks() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  const video = recording.sampleTrack({ id: 'v0' })
  const subtitles = recording.sampleTrack({ id: 's0', kind: 'subtitles' })
  return { video, subtitles }
}
const cue = (track: SampleTrack, durationSec = 4) =>
  track.segment({ durationSec, extension: 'vtt' as const })

async function render(
  { video, subtitles }: ReturnType<typeof twoTracks>,
  options: { window?: Window; cache?: ReturnType<typeof createBlockCache> } = {},
) {
  const parts = await renderMediaPlaylist({
    index: subtitles.index,
    window: options.window ?? wholeWindow(subtitles.index),
    eraOf: erasOf(subtitles.index, video.index),
    pace: paceOf(subtitles.index, video.index),
    style: { recordingId: 'r', trackId: 's0', prefix: '', suffix: '' },
    type: 'VOD',
    ended: true,
    cache: options.cache ?? createBlockCache({ limitBytes: 1e8 }),
  })
  return Buffer.concat(parts ?? []).toString()
}
const lengthsOf = (text: string) =>
  [...text.matchAll(/#EXTINF:([\d.]+),/g)].map(([, sec]) => Number(sec))
const linesOf = (text: string) =>
  text.split('\n').filter((line) => /^[^#]|^#EXT-X-DISCONTINUITY$/.test(line))

describe('the pace of a subtitle playlist', () => {
  it('is its own where the picture is whole', async () => {
    const tracks = twoTracks()
    for (let count = 0; count < 3; count += 1) {
      tracks.video.segment()
      cue(tracks.subtitles)
    }
    expect(lengthsOf(await render(tracks))).toEqual([4, 4, 4])
  })

  it('lists a gap of its own as empty subtitles, for as long as the picture goes on', async () => {
    const tracks = twoTracks()
    for (let count = 0; count < 4; count += 1) tracks.video.segment()
    cue(tracks.subtitles)
    tracks.subtitles.gap({ durationSec: 8 })
    cue(tracks.subtitles)
    const text = await render(tracks)
    expect(lengthsOf(text)).toEqual([4, 8, 4])
    expect(linesOf(text)).toEqual(['r-s0-0.vtt', 'r-s0-1.vtt', 'r-s0-2.vtt'])
    expect(text).toContain('#EXT-X-TARGETDURATION:8\n')
  })

  it('passes over what the picture lacks', async () => {
    const tracks = twoTracks()
    tracks.video.segment()
    tracks.video.gap({ durationSec: 6 })
    tracks.video.segment({ durationSec: 2 })
    tracks.video.segment()
    for (let count = 0; count < 4; count += 1) cue(tracks.subtitles)
    const text = await render(tracks)
    // 4-8 s is gap, 8-12 s half of it.
    expect(lengthsOf(text)).toEqual([4, 0.001, 2, 4])
    expect(linesOf(text)).toEqual([
      'r-s0-0.vtt',
      'r-s0-1.vtt',
      '#EXT-X-DISCONTINUITY',
      'r-s0-2.vtt',
      'r-s0-3.vtt',
    ])
  })

  it('takes the picture that has not come yet for stored', async () => {
    const tracks = twoTracks()
    tracks.video.segment({ durationSec: 3 })
    cue(tracks.subtitles)
    expect(lengthsOf(await render(tracks))).toEqual([4])
  })

  it('is the same in windows, in pieces and from the cache', async () => {
    const tracks = twoTracks()
    const { video, subtitles } = tracks
    let seed = 5
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
    for (let row = 0; row < 1400; row += 1) {
      const startMs = SAMPLE_START_MS + row * 4000
      if (random() < 0.1) video.gap({ durationSec: 4, startMs, count: 1 })
      else video.segment({ startMs })
      if (random() < 0.1) subtitles.gap({ durationSec: 4, startMs, count: 1 })
      else subtitles.segment({ startMs, extension: 'vtt' })
    }
    const cache = createBlockCache({ limitBytes: 1e8 })
    const once = await render(tracks, { cache })
    expect(await render(tracks, { cache })).toBe(once)
    const total = lengthsOf(once).reduce((sum, sec) => sum + sec, 0)
    const first = subtitles.index.startMsAt(0) // the first row is a segment with this seed
    expect(first).toBe(SAMPLE_START_MS)
    expect(total).toBeCloseTo(video.index.figures.durationSec, 0)
    const numberOf = (text: string) => Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
    const from = 1000
    const window = { from, to: subtitles.index.length }
    const tail = await render(tracks, { window })
    const listed = linesOf(once).filter((line) => !line.startsWith('#'))
    const shown = linesOf(tail).filter((line) => !line.startsWith('#'))
    expect(shown).toEqual(listed.slice(numberOf(tail)))
  })

  it('lists a segment on each side of a gap that it reaches over, with the picture there', async () => {
    const tracks = twoTracks()
    for (let count = 0; count < 2; count += 1) tracks.video.segment()
    tracks.video.gap({ durationSec: 4 })
    for (let count = 0; count < 2; count += 1) tracks.video.segment()
    cue(tracks.subtitles)
    cue(tracks.subtitles, 12)
    cue(tracks.subtitles)
    const at = (sec: number) => SAMPLE_START_MS + sec * 1000
    const text = await render(tracks)
    expect(linesOf(text)).toEqual([
      'r-s0-0.vtt',
      `r-s0-1-0-${at(8)}.vtt`,
      '#EXT-X-DISCONTINUITY',
      `r-s0-1-${at(12)}-0.vtt`,
      'r-s0-2.vtt',
    ])
    expect(lengthsOf(text)).toEqual([4, 4, 4, 4])
    const tail = await render(tracks, { window: { from: 2, to: 3 } })
    expect(tail).toContain('#EXT-X-MEDIA-SEQUENCE:3\n')
    expect(tail).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n')
  })
})

import { describe, expect, it } from 'vitest'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { erasOf } from '../../../src-main/playback/era'
import { renderMediaPlaylist } from '../../../src-main/playback/media-playlist'
import { holesOf } from '../../../src-main/playback/pace'
import { wholeWindow, type Window } from '../../../src-main/playback/window'
import { createSampleLibrary } from '../../support/sample-library'

function twoTracks() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  const video = recording.sampleTrack({ id: 'v0' })
  const sound = recording.sampleTrack({ id: 'a0', kind: 'audio' })
  return { video, sound }
}

async function render({ video, sound }: ReturnType<typeof twoTracks>, window?: Window) {
  const parts = await renderMediaPlaylist({
    index: sound.index,
    window: window ?? wholeWindow(sound.index),
    eraOf: erasOf(sound.index, video.index),
    holes: holesOf(sound.index, video.index),
    style: { recordingId: 'r', trackId: 'a0', prefix: '', suffix: '' },
    type: 'VOD',
    ended: true,
    cache: createBlockCache({ limitBytes: 1e8 }),
  })
  return Buffer.concat(parts ?? []).toString()
}
const entriesOf = (text: string) =>
  [...text.matchAll(/(#EXT-X-GAP\n)?#EXTINF:([\d.]+),/g)].map(([, gap, sec]) =>
    gap === undefined ? Number(sec) : `gap ${sec}`,
  )

describe('the playlist of a sound beside a picture', () => {
  it('lists what is missing of it for as long as the picture goes on', async () => {
    const tracks = twoTracks()
    for (let count = 0; count < 5; count += 1) tracks.video.segment()
    tracks.sound.gap({ durationSec: 4 })
    tracks.sound.segment()
    tracks.sound.gap({ durationSec: 8 })
    tracks.sound.segment()
    const text = await render(tracks)
    expect(entriesOf(text)).toEqual(['gap 4', 4, 'gap 8', 4])
    expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:0\n')
    const tail = await render(tracks, { from: 3, to: 4 })
    expect(entriesOf(tail)).toEqual([4])
    expect(tail).toContain('#EXT-X-MEDIA-SEQUENCE:3\n')
  })

  it('lists no gap where the picture has it, too, and a part of one that is longer', async () => {
    const tracks = twoTracks()
    tracks.video.segment()
    tracks.video.gap({ durationSec: 4 })
    tracks.video.segment()
    tracks.video.segment()
    tracks.sound.segment()
    tracks.sound.gap({ durationSec: 4 })
    tracks.sound.gap({ durationSec: 4 })
    tracks.sound.segment()
    const text = await render(tracks)
    expect(entriesOf(text)).toEqual([4, 'gap 4', 4])
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1)
  })
})

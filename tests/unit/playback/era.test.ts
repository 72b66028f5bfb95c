import { describe, expect, it } from 'vitest'
import { erasOf, reachedBy } from '../../../src-main/playback/era'
import { mainTrackOf } from '../../../src-main/store/main-track'
import { wholeWindow } from '../../../src-main/playback/window'
import { createSampleLibrary, SAMPLE_START_MS } from '../../support/sample-library'

function twoTracks() {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  const audio = recording.sampleTrack({ id: 'a0', kind: 'audio' })
  const video = recording.sampleTrack({ id: 'v0', kind: 'video' })
  return { recording, audio, video }
}

describe('eras', () => {
  it('takes the video track as the one that counts', async () => {
    const { recording, audio, video } = twoTracks()
    expect(mainTrackOf(await recording.tracks())).toBe(video)
    expect(mainTrackOf([audio])).toBe(audio)
  })

  it('gives another track the breaks of the main one, and none of its own', () => {
    const { audio, video } = twoTracks()
    video.segment()
    audio.segment({ durationSec: 3.9 })
    audio.gap({ durationSec: 4 })
    audio.segment({ durationSec: 4 })
    video.segment()
    video.segment()
    video.discontinuity()
    video.segment()
    audio.segment({ durationSec: 4 })
    const eras = () => [0, 2, 3].map(erasOf(audio.index, video.index))
    expect(eras()).toEqual([0, 0, 1])
    video.gap()
    video.segment()
    const late = audio.segment({ startMs: SAMPLE_START_MS + 24_000 })
    expect([...eras(), erasOf(audio.index, video.index)(late)]).toEqual([0, 0, 1, 2])
    expect(erasOf(video.index, video.index)(4)).toBe(1)
  })

  it('holds another track back until the main one is there, so that nothing said changes', () => {
    const { audio, video } = twoTracks()
    const listed = () => {
      const { from, to } = reachedBy(video.index, audio.index, wholeWindow(audio.index))
      const eraOf = erasOf(audio.index, video.index)
      return Array.from({ length: to - from }, (_, at) => eraOf(from + at))
    }
    for (let count = 0; count < 10; count += 1) audio.segment()
    expect(listed()).toEqual([])
    let before = listed()
    for (let count = 0; count < 10; count += 1) {
      if (count % 3 === 2) video.discontinuity()
      video.segment({ durationSec: 3.7 })
      const now = listed()
      expect(now.slice(0, before.length)).toEqual(before)
      before = now
    }
    expect(before).toHaveLength(9)
    expect(reachedBy(video.index, video.index, wholeWindow(video.index)).to).toBe(
      video.index.length,
    )
  })

  it('holds subtitles back until the main track has reached their end: a break in them may still come', () => {
    const { audio: subtitles, video } = twoTracks()
    const listed = () =>
      reachedBy(video.index, subtitles.index, wholeWindow(subtitles.index), 'end').to
    subtitles.segment({ durationSec: 10 })
    video.segment({ durationSec: 6 })
    expect(listed()).toBe(0)
    video.gap({ durationSec: 2 })
    expect(listed()).toBe(0)
    // Cut a little sooner than the subtitles.
    video.segment({ durationSec: 1.8 })
    expect(listed()).toBe(1)
  })
})

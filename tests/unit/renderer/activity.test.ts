import { describe, expect, it } from 'vitest'
import { activitySentence } from '../../../src-renderer/activity/activity-words'
import { lackingTracks } from '../../../src-renderer/activity/lacking-tracks'
import type { RecordingDetail } from '../../../src-preload/contract/model'
import { recordingOf } from './fake-transport'

const track = { codecs: '', segments: 3, bytes: 1, gaps: 0, gapSec: 0 }
const gap = { cause: 'not-found', firstMediaSequence: 1, count: 1 } as const
const detail: RecordingDetail = {
  ...recordingOf({ state: 'stopped' }),
  tracks: [
    { ...track, id: 'v0', kind: 'video' },
    { ...track, id: 'a1', kind: 'audio', name: 'Deutsch' },
  ],
  gapList: [],
  epochs: [],
  markers: [],
  pinnedSpans: [],
  activity: [],
}

describe('what tracks beside the picture lack', () => {
  it('is nothing where they have all', () => {
    expect(lackingTracks(detail)).toBe('')
    const gapList = [{ ...gap, track: 'v0', fromMs: 0, toMs: 5000 }]
    expect(lackingTracks({ ...detail, gapList })).toBe('')
  })

  it('is told by name, all of it together', () => {
    const gapList = [
      { ...gap, track: 'a1', fromMs: 0, toMs: 5000 },
      { ...gap, track: 'a1', fromMs: 9000, toMs: 10_000 },
    ]
    expect(lackingTracks({ ...detail, gapList })).toBe('Sound “Deutsch” lacks 6 s.')
  })
})

describe('what happened', () => {
  it('is a sentence with its reason', () => {
    const cause = { code: 'source_timeout', message: 'The source took too long.' } as const
    const german = { track: 'a1', kind: 'audio', label: 'Deutsch', atMs: 1 } as const
    const picture = { track: 'v0', kind: 'video', label: '', atMs: 1, host: 'cdn-b' } as const
    const quality = { type: 'quality', atMs: 1 } as const
    expect(
      [
        activitySentence({ ...quality, from: '1080p', to: '720p', direction: 'down' }),
        activitySentence({ ...quality, from: '720p', to: '1080p', direction: 'up' }),
        activitySentence({ ...picture, type: 'place', number: 2, cause }),
        activitySentence({ ...picture, type: 'place', number: 1 }),
        activitySentence({ ...german, type: 'track-lost', cause }),
        activitySentence({ ...german, type: 'track-back' }),
      ].join('\n'),
    ).toBe(
      [
        'Now records 720p: the connection is too slow for 1080p.',
        'Now records 1080p: the connection is fast enough again.',
        'Picture now comes from copy 2 (cdn-b). The one before failed: The source took too long.',
        'Picture now comes from the first place (cdn-b), as the source wants it.',
        'Sound “Deutsch” could not be recorded: The source took too long. Everything else went on.',
        'Sound “Deutsch” is recorded again.',
      ].join('\n'),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { assertPlayable } from '../../../src-main/playback/playable'
import { createSampleLibrary } from '../../support/sample-library'

const recordingOf = () => createSampleLibrary({ dir: '/nowhere' }).add()
const sealed = { extension: 'm4s', initIndex: 0, keyIndex: 1 } as const

describe('assertPlayable', () => {
  it('refuses encrypted samples in fMP4 by code, sentence and way out', () => {
    const track = recordingOf().sampleTrack()
    track.segment(sealed)
    track.gap()
    track.segment(sealed)
    expect(() => assertPlayable([track])).toThrow(
      expect.objectContaining({
        code: 'unsupported_encryption',
        message: expect.stringContaining('cannot be played here') as string,
        hint: expect.stringContaining('Export it') as string,
      }),
    )
  })

  it('refuses a picture in the clear whose sound could not be decoded', () => {
    const recording = recordingOf()
    recording.sampleTrack().segment()
    const sound = recording.sampleTrack({ id: 'a0', kind: 'audio' })
    sound.segment(sealed)
    expect(() => assertPlayable([sound])).toThrow('cannot be played here')
  })

  it('lets through what can be shown, if only in part, and what has nothing yet', () => {
    const recording = recordingOf()
    const inTs = recording.sampleTrack()
    inTs.segment({ keyIndex: 1 })
    const packed = recording.sampleTrack({ id: 'a0', kind: 'audio' })
    packed.segment({ extension: 'aac', keyIndex: 1 })
    const inPart = recording.sampleTrack({ id: 'v1' })
    inPart.segment(sealed)
    inPart.segment({ extension: 'm4s', initIndex: 0 })
    const empty = recording.sampleTrack({ id: 'v2' })
    empty.gap()
    expect(() => assertPlayable([inTs, packed, inPart, empty])).not.toThrow()
    expect(() => assertPlayable([])).not.toThrow()
  })
})

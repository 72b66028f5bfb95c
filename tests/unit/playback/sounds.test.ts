import { describe, expect, it } from 'vitest'
import { chooseSound, soundsOf } from '../../../src-main/playback/sounds'
import type { TrackInfo } from '../../../src-main/store/model'

const video: TrackInfo = { id: 'v0', kind: 'video', codecs: '', bandwidth: 0 }
const sound = (id: string, more: Partial<TrackInfo>): TrackInfo => ({
  ...video,
  id,
  kind: 'audio',
  ...more,
})
const english = sound('a0', { name: 'English', language: 'en', isDefault: true })
const german = sound('a1', { name: 'Deutsch', language: 'de-AT' })

describe('the sounds of a recording', () => {
  it('are chosen by track, name or language; else the usual one is taken', () => {
    const tracks = [video, english, german]
    expect(chooseSound(tracks, undefined)?.trackId).toBe('a0')
    for (const wanted of ['a1', 'deutsch', 'de', 'deu']) {
      expect(chooseSound(tracks, wanted)).toMatchObject({ trackId: 'a1', label: 'Deutsch' })
    }
  })

  it('say what there is where none fits', () => {
    expect(() => chooseSound([video, english, german], 'fr')).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        hint: 'There is English (en), Deutsch (de-AT).',
      }),
    )
    expect(() => chooseSound([video], 'fr')).toThrow(
      expect.objectContaining({ hint: 'It has only one; leave the choice out.' }),
    )
  })

  it('are none where there is nothing to choose', () => {
    expect(soundsOf([video, english])).toEqual([])
    expect(chooseSound([video], undefined)).toBeUndefined()
  })

  it('count the one inside the picture', () => {
    const muxed = { ...video, innerAudio: { name: 'Original', language: 'ja' } }
    expect(chooseSound([muxed, german], undefined)).toMatchObject({
      trackId: 'v0',
      label: 'Original',
    })
    expect(chooseSound([muxed, german], 'de')?.trackId).toBe('a1')
  })
})

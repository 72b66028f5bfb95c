import { describe, expect, it } from 'vitest'
import { renumberPlaylist, sequenceIv } from '../../../../src-main/hls/follow/renumber-playlist'
import { mediaPlaylist, withParts } from '../../../support/playlists'

describe('renumberPlaylist', () => {
  it('shifts every number', () => {
    const playlist = withParts(mediaPlaylist({ first: 10, count: 3 }), { parts: 2 })
    const shifted = renumberPlaylist(playlist, 90)
    expect(shifted.mediaSequence).toBe(100)
    expect(shifted.segments.map(({ mediaSequence }) => mediaSequence)).toEqual([100, 101, 102])
    expect(shifted.parts?.map(({ mediaSequence }) => mediaSequence)).toEqual([103, 103])
    expect(renumberPlaylist(playlist, 0)).toBe(playlist)
  })

  it('F22 keeps the initialization vectors that the own numbers gave', () => {
    const implicit = { method: 'AES-128', uri: 'http://edge1/key' }
    const explicit = { ...implicit, iv: new Uint8Array(16).fill(7) }
    const playlist = mediaPlaylist({
      first: 10,
      count: 2,
      patch: ({ mediaSequence }) => ({
        key: mediaSequence === 10 ? implicit : explicit,
        initSection: { uri: 'http://edge1/init', key: implicit },
      }),
    })
    const [first, second] = renumberPlaylist(playlist, -10).segments
    expect(first?.key?.iv).toEqual(sequenceIv(10))
    expect(second?.key?.iv).toEqual(explicit.iv)
    expect(second?.initSection?.key?.iv).toEqual(sequenceIv(11))
    expect(sequenceIv(0x0102)).toEqual(Uint8Array.from([...Array(14).fill(0), 1, 2]))
  })
})

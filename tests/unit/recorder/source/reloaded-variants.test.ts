import { describe, expect, it } from 'vitest'
import type {
  MultivariantPlaylist,
  Playlist,
  VariantStream,
} from '../../../../src-main/hls/playlist'
import { streamsOf } from '../../../../src-main/recorder/source/choose-streams'
import { createTrackCandidates } from '../../../../src-main/recorder/source/track-candidates'
import { createFakeClock } from '../../../support/fake-clock'
import { count, numbers, playlistUrl, setUpRecorder } from '../../../support/fake-recorder'
import { mediaPlaylist } from '../../../support/playlists'

const variant = (name: string, height: number, bandwidth: number): VariantStream => ({
  uri: `http://edge1/${name}.m3u8`,
  bandwidth,
  codecs: 'avc1.4d401f',
  resolution: { width: (height * 16) / 9, height },
})
const listing = (...variants: VariantStream[]): MultivariantPlaylist => ({
  kind: 'multivariant',
  variants,
  renditions: [],
  sessionKeys: [],
})

describe('a multivariant playlist that is loaded anew', () => {
  it('and lists the same stream with another bit rate is no change of the encoding', async () => {
    const world = { first: 10, token: 'a', bandwidth: 5_000_000 }
    const { record, clock, library, http } = setUpRecorder(({ url, kind }) => {
      if (url === playlistUrl) {
        const { token, bandwidth } = world
        return { body: JSON.stringify(listing(variant(`hd-${token}`, 1080, bandwidth))) }
      }
      if (kind !== 'playlist') return undefined
      if (!url.includes(`-${world.token}.`)) return { status: 403 }
      return { body: JSON.stringify(mediaPlaylist({ first: world.first, count: 5 })) }
    })
    const { id } = await record()
    await clock.advance(10_000)
    Object.assign(world, { first: 12, token: 'b', bandwidth: 5_400_000 })
    await clock.advance(20_000)
    expect(count(http.requests, playlistUrl)).toBeGreaterThan(1)
    expect(numbers(library.rows(id))).toEqual([12, 13, 14, 15, 16])
    const breaks = library
      .rows(id)
      .flatMap((row) => (row.kind === 'discontinuity' ? [row.reason] : []))
    expect(breaks).toEqual(['epoch'])
  })

  it('and lists other streams than before keeps the one in use, whatever its place', () => {
    const candidates = createTrackCandidates({
      clock: createFakeClock({ nowMs: 0 }),
      onSwitch: () => undefined,
    })
    const offer = (...variants: VariantStream[]) => {
      const list = (playlist: Playlist) =>
        streamsOf({ playlist, url: playlistUrl, choice, known: [] })
      return candidates.offer({ playlist: listing(...variants), list, lowest: 'worst' })
    }
    const choice = { quality: 'best', audio: 'default', subtitles: 'none' }
    offer(
      variant('hd', 1080, 5_000_000),
      variant('md', 720, 2_500_000),
      variant('sd', 360, 800_000),
    )
    candidates.setRung(1)
    const before = candidates.inUse('v0')
    expect(before?.playlistUrl).toContain('md')
    offer(
      variant('hd', 1080, 5_100_000),
      variant('qd', 900, 3_500_000),
      variant('md', 720, 2_600_000),
      variant('sd', 360, 800_000),
    )
    expect(candidates.rung()).toBe(2)
    expect(candidates.inUse('v0')?.playlistUrl).toContain('md')
    expect(candidates.inUse('v0')?.variantId).toBe(before?.variantId)
  })
})

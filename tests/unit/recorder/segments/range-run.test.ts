import { describe, expect, it } from 'vitest'
import type { MediaSegment } from '../../../../src-main/hls/playlist'
import { rangeRun } from '../../../../src-main/recorder/segments/range-run'
import { mediaPlaylist } from '../../../support/playlists'

const MB = 1024 * 1024

/** A complete listing of one resource in ranges of `length` bytes that lie next to each other. */
function ranges(
  count: number,
  length: number,
  patch: (segment: MediaSegment) => Partial<MediaSegment> = () => ({}),
) {
  return mediaPlaylist({
    first: 7,
    count,
    endList: true,
    patch: (segment) => ({
      uri: 'http://edge1/all.ts',
      byteRange: { offset: (segment.mediaSequence - 7) * length, length },
      ...patch(segment),
    }),
  })
}
const runFrom = (playlist: ReturnType<typeof ranges>, at: number): number[] => {
  const segment = playlist.segments[at]
  if (segment === undefined) throw new Error(`the listing has no segment ${at}`)
  return rangeRun(playlist, segment).map(({ mediaSequence }) => mediaSequence)
}

describe('rangeRun', () => {
  it('joins what lies next to each other, from the segment on', () => {
    expect(runFrom(ranges(4, 1000), 0)).toEqual([7, 8, 9, 10])
    expect(runFrom(ranges(4, 1000), 2)).toEqual([9, 10])
  })

  it('ends at 16 segments and at 32 MB', () => {
    expect(runFrom(ranges(40, 1000), 3)).toHaveLength(16)
    expect(runFrom(ranges(40, 10 * MB), 0)).toHaveLength(3)
    expect(runFrom(ranges(40, 33 * MB), 0)).toHaveLength(1)
  })

  it.each<[string, Partial<MediaSegment>]>([
    ['another resource', { uri: 'http://edge1/other.ts' }],
    ['a hole between the ranges', { byteRange: { offset: 2100, length: 1000 } }],
    ['a key', { key: { method: 'AES-128', uri: 'http://edge1/key' } }],
    ['EXT-X-GAP', { gap: true }],
  ])('ends before %s', (_what, patch) => {
    const playlist = ranges(4, 1000, ({ mediaSequence }) => (mediaSequence === 9 ? patch : {}))
    expect(runFrom(playlist, 0)).toEqual([7, 8])
  })

  it('joins nothing of a live listing, nothing encrypted, nothing without a range', () => {
    expect(runFrom({ ...ranges(4, 1000), endList: false }, 0)).toEqual([7])
    const key = { method: 'AES-128', uri: 'http://edge1/key' }
    expect(
      runFrom(
        ranges(4, 1000, () => ({ key })),
        0,
      ),
    ).toEqual([7])
    expect(runFrom(mediaPlaylist({ first: 7, count: 3, endList: true }), 0)).toEqual([7])
  })
})

import { describe, expect, it } from 'vitest'
import { firstSelection } from '../../../../src-main/hls/follow/first-selection'
import { mediaPlaylist } from '../../../support/playlists'

const live = mediaPlaylist({ first: 10, count: 6, durationSec: 2 })
const numbers = (playlist: Parameters<typeof firstSelection>[0]) =>
  firstSelection(playlist).map(({ mediaSequence }) => mediaSequence)

describe('firstSelection', () => {
  it('begins three segments before the end of a live listing', () => {
    expect(numbers(live)).toEqual([13, 14, 15])
  })

  it.each([
    { startOffsetSec: 0, first: 10 },
    { startOffsetSec: 1.9, first: 10 },
    { startOffsetSec: 2, first: 11 },
    { startOffsetSec: 7, first: 13 },
    { startOffsetSec: -1, first: 15 },
    { startOffsetSec: -5, first: 13 },
    { startOffsetSec: -12, first: 10 },
    { startOffsetSec: -500, first: 10 },
    { startOffsetSec: 12, first: 15 },
    { startOffsetSec: 500, first: 15 },
  ])('begins at media sequence $first where EXT-X-START says $startOffsetSec s', (row) => {
    const selected = numbers({ ...live, startOffsetSec: row.startOffsetSec })
    expect(selected[0]).toBe(row.first)
    expect(selected.at(-1)).toBe(15)
  })

  it.each([
    { endList: true },
    { playlistType: 'EVENT' as const },
    { playlistType: 'VOD' as const },
  ])('takes what is kept whole from its beginning, whatever EXT-X-START says: %j', (kept) => {
    expect(numbers({ ...live, ...kept, startOffsetSec: -4 })[0]).toBe(10)
  })

  it('begins at the oldest segment for whoever waited for the source', () => {
    expect(firstSelection({ ...live, startOffsetSec: -4 }, true)).toBe(live.segments)
  })

  it('F17 finds nothing in an empty listing', () => {
    expect(numbers({ ...live, segments: [], startOffsetSec: -4 })).toEqual([])
  })
})

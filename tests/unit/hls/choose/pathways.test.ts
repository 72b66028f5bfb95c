import { describe, expect, it } from 'vitest'
import { orderPathways, pathwaysOf } from '../../../../src-main/hls/choose/pathways'
import type {
  MultivariantPlaylist,
  Rendition,
  VariantStream,
} from '../../../../src-main/hls/playlist'

const variant = (uri: string, patch: Partial<VariantStream> = {}): VariantStream => ({
  uri,
  bandwidth: 1_000_000,
  codecs: 'avc1.4d401f',
  ...patch,
})
const audio = (uri: string, groupId: string, name = 'English'): Rendition => ({
  type: 'AUDIO',
  groupId,
  name,
  uri,
  isDefault: true,
  autoselect: true,
})
const playlist = (
  variants: readonly VariantStream[],
  patch: Partial<MultivariantPlaylist> = {},
): MultivariantPlaylist => ({
  kind: 'multivariant',
  variants,
  renditions: [],
  sessionKeys: [],
  ...patch,
})
const shape = (source: MultivariantPlaylist) =>
  pathwaysOf(source).map(({ id, playlist: own }) => [
    id,
    ...own.variants.map(({ uri }) => uri),
    ...own.renditions.map(({ uri }) => uri),
  ])

describe('pathwaysOf', () => {
  it('is one where nothing is redundant', () => {
    const low = { bandwidth: 500_000 }
    expect(shape(playlist([variant('a'), variant('b', low)]))).toEqual([['.', 'a', 'b']])
  })

  it('tells redundant variant streams apart, in both usual orders', () => {
    const low = { bandwidth: 500_000 }
    const apart = [variant('a1'), variant('b1', low), variant('a2'), variant('b2', low)]
    const together = [variant('a1'), variant('a2'), variant('b1', low), variant('b2', low)]
    const expected = [
      ['.', 'a1', 'b1'],
      ['.#2', 'a2', 'b2'],
    ]
    expect(shape(playlist(apart))).toEqual(expected)
    expect(shape(playlist(together))).toEqual(expected)
  })

  it('gives each copy the renditions of its own groups', () => {
    const variants = [variant('a1', { audioGroup: 'x' }), variant('a2', { audioGroup: 'y' })]
    const renditions = [audio('s1', 'x'), audio('s2', 'y')]
    expect(shape(playlist(variants, { renditions }))).toEqual([
      ['.', 'a1', 's1'],
      ['.#2', 'a2', 's2'],
    ])
  })

  it('takes redundant renditions of one group, and what has no copy as it is', () => {
    const variants = [variant('a1', { audioGroup: 'x' })]
    const renditions = [audio('s1', 'x'), audio('s2', 'x')]
    expect(shape(playlist(variants, { renditions }))).toEqual([
      ['.', 'a1', 's1'],
      ['.#2', 'a1', 's2'],
    ])
  })

  it('separates the pathways of content steering and begins with the one it names', () => {
    const variants = [
      variant('a1', { pathwayId: 'A' }),
      variant('b1', { pathwayId: 'B' }),
      variant('b2', { pathwayId: 'B' }),
    ]
    const contentSteering = { serverUri: 'http://s/', pathwayId: 'B' }
    expect(shape(playlist(variants, { contentSteering }))).toEqual([
      ['B', 'b1'],
      ['B#2', 'b2'],
      ['A', 'a1'],
    ])
  })

  it('orders by what the source says now; what it leaves out stays as a last resort', () => {
    const pathways = pathwaysOf(
      playlist(['A', 'B', 'C'].map((id) => variant(id, { pathwayId: id }))),
    )
    expect(orderPathways(pathways, ['C', 'A', 'x']).map(({ id }) => id)).toEqual(['C', 'A', 'B'])
  })

  it('S22 bounds the number of copies and pathways', () => {
    const copies = Array.from({ length: 1000 }, (_, at) => variant(`u${at}`))
    expect(pathwaysOf(playlist(copies))).toHaveLength(8)
    const many = copies.map((item, at) => ({ ...item, pathwayId: `p${at}` }))
    expect(pathwaysOf(playlist(many))).toHaveLength(32)
  })
})

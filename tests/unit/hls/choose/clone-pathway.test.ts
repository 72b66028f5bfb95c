import { describe, expect, it } from 'vitest'
import { addPathwayClones } from '../../../../src-main/hls/choose/clone-pathway'
import type { Pathway } from '../../../../src-main/hls/choose/pathways'
import type {
  PathwayClone,
  UriReplacement,
} from '../../../../src-main/hls/choose/steering-manifest'

const base: Pathway = {
  id: 'A',
  playlist: {
    kind: 'multivariant',
    variants: [
      {
        uri: 'https://a.example/v.m3u8?token=x%2Fy&n=1',
        bandwidth: 1,
        codecs: '',
        stableVariantId: 'v1',
      },
    ],
    renditions: [
      {
        type: 'AUDIO',
        groupId: 'g',
        name: 'English',
        uri: 'https://a.example/s.m3u8',
        isDefault: true,
        autoselect: true,
        stableRenditionId: 's1',
      },
    ],
    sessionKeys: [],
  },
}
const clone = (replacement: Partial<UriReplacement>, patch: Partial<PathwayClone> = {}) => ({
  baseId: 'A',
  id: 'C',
  replacement: { params: [], variantUris: new Map(), renditionUris: new Map(), ...replacement },
  ...patch,
})
const shape = (pathways: readonly Pathway[]) =>
  pathways.map(({ id, playlist }) => [
    id,
    ...playlist.variants.map(({ uri }) => uri),
    ...playlist.renditions.map(({ uri }) => uri),
  ])

describe('addPathwayClones', () => {
  it('replaces the host and keeps the query exactly', () => {
    expect(shape(addPathwayClones([base], [clone({ host: 'c.example:8443' })]))[1]).toEqual([
      'C',
      'https://c.example:8443/v.m3u8?token=x%2Fy&n=1',
      'https://c.example:8443/s.m3u8',
    ])
  })

  it('sets parameters in place of those of the same name', () => {
    const params = [
      ['n', '2'],
      ['q', 'a&b'],
    ] as const
    expect(shape(addPathwayClones([base], [clone({ params })]))[1]).toEqual([
      'C',
      'https://a.example/v.m3u8?token=x%2Fy&n=2&q=a%26b',
      'https://a.example/s.m3u8?n=2&q=a%26b',
    ])
  })

  it('prefers the address that is named for the very stream', () => {
    const variantUris = new Map([['v1', 'https://d.example/own.m3u8']])
    const renditionUris = new Map([['s1', 'https://d.example/sound.m3u8']])
    const cloned = addPathwayClones([base], [clone({ host: 'x', variantUris, renditionUris })])
    expect(shape(cloned)[1]).toEqual([
      'C',
      'https://d.example/own.m3u8',
      'https://d.example/sound.m3u8',
    ])
  })

  it('lets a clone be the base of a later one, and replaces no pathway that is there', () => {
    const second = clone({ params: [['n', '3']] }, { baseId: 'C', id: 'D' })
    const taken = clone({ host: 'x' }, { id: 'A' })
    const unknown = clone({ host: 'x' }, { baseId: 'nowhere', id: 'E' })
    const all = addPathwayClones([base], [clone({ host: 'c.example' }), second, taken, unknown])
    expect(shape(all).map(([id, uri]) => [id, uri])).toEqual([
      ['A', 'https://a.example/v.m3u8?token=x%2Fy&n=1'],
      ['C', 'https://c.example/v.m3u8?token=x%2Fy&n=1'],
      ['D', 'https://c.example/v.m3u8?token=x%2Fy&n=3'],
    ])
  })

  it('S11 leaves out what names another scheme or a weaker one', () => {
    for (const uri of ['http://d.example/own.m3u8', 'file:///etc/passwd']) {
      const variantUris = new Map([['v1', uri]])
      expect(addPathwayClones([base], [clone({ variantUris })])).toEqual([base])
    }
  })
})

import { describe, expect, it } from 'vitest'
import { readSteeringManifest } from '../../../../src-main/hls/choose/steering-manifest'

const url = 'https://steer.example/manifest.json?session=1'
const read = (value: unknown) => readSteeringManifest(JSON.stringify(value), url)
const least = { VERSION: 1, 'PATHWAY-PRIORITY': ['A'] }

describe('readSteeringManifest', () => {
  it('reads order, time to live and where to ask next', () => {
    const full = {
      ...least,
      TTL: 60,
      'RELOAD-URI': 'next.json?x=1',
      'PATHWAY-PRIORITY': ['B', 'A'],
    }
    expect(read(full)).toEqual({
      ttlSec: 60,
      reloadUri: 'https://steer.example/next.json?x=1',
      priority: ['B', 'A'],
      clones: [],
    })
    expect(read(least)).toEqual({ ttlSec: 300, priority: ['A'], clones: [] })
  })

  it('reads clones', () => {
    const replacement = {
      HOST: 'backup.example:8443',
      PARAMS: { z: '1', a: '2' },
      'PER-VARIANT-URIS': { v1: 'https://other.example/v1.m3u8' },
    }
    const clone = { 'BASE-ID': 'A', ID: 'C', 'URI-REPLACEMENT': replacement }
    expect(read({ ...least, 'PATHWAY-CLONES': [clone] }).clones).toEqual([
      {
        baseId: 'A',
        id: 'C',
        replacement: {
          host: 'backup.example:8443',
          params: [
            ['a', '2'],
            ['z', '1'],
          ],
          variantUris: new Map([['v1', 'https://other.example/v1.m3u8']]),
          renditionUris: new Map(),
        },
      },
    ])
  })

  it.each([
    { what: 'no JSON', text: '<html>' },
    { what: 'another version', text: JSON.stringify({ ...least, VERSION: 2 }) },
    { what: 'no order', text: '{"VERSION":1}' },
    {
      what: 'too many pathways',
      text: JSON.stringify({ ...least, 'PATHWAY-PRIORITY': Array(33).fill('A') }),
    },
    {
      what: 'a host that is none',
      text: JSON.stringify({
        ...least,
        'PATHWAY-CLONES': [{ 'BASE-ID': 'A', ID: 'C', 'URI-REPLACEMENT': { HOST: 'a/b' } }],
      }),
    },
  ])('refuses $what', ({ text }) => {
    expect(() => readSteeringManifest(text, url)).toThrow(
      expect.objectContaining({ code: 'playlist_unreadable' }),
    )
  })

  it('S23 keeps the time to live within bounds', () => {
    expect(read({ ...least, TTL: -1 }).ttlSec).toBe(5)
    expect(read({ ...least, TTL: 1e12 }).ttlSec).toBe(3600)
  })

  it('S11 follows no other scheme, and none that is weaker', () => {
    for (const uri of ['file:///etc/passwd', 'data:,x', 'http://steer.example/']) {
      expect(read({ ...least, 'RELOAD-URI': uri }).reloadUri).toBeUndefined()
    }
  })
})

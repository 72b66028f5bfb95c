import { describe, expect, it } from 'vitest'
import type { MediaPlaylist, MediaSegment, PartialSegment } from '../../../../src-main/hls/playlist'
import {
  growingNumber,
  leadingParts,
  makesWhole,
  takesParts,
} from '../../../../src-main/recorder/parts/growing-segment'
import { mediaPlaylist, withParts } from '../../../support/playlists'

const listing = withParts(mediaPlaylist({ first: 10, count: 3 }), { parts: 4, partSec: 0.5 })
const parts = listing.parts ?? []
const patched = (patch: Partial<PartialSegment>, at: number) =>
  parts.map((part, index) => (index === at ? { ...part, ...patch } : part))

describe('growingNumber', () => {
  it('is the number after the last segment that is whole', () => {
    expect(growingNumber(listing)).toBe(13)
    expect(growingNumber({ ...listing, segments: [] })).toBeUndefined()
  })
})

describe('takesParts', () => {
  const key = { method: 'AES-128', uri: 'http://edge1/key' }

  it.each<[string, boolean, MediaPlaylist]>([
    ['in the clear', true, listing],
    ['encrypted', false, { ...listing, segments: listing.segments.map((s) => ({ ...s, key })) }],
    ['ended', false, { ...listing, endList: true }],
    ['of key frames only', false, { ...listing, iFramesOnly: true }],
    ['without parts', false, mediaPlaylist({ first: 10, count: 3 })],
  ])('of a listing that is %s: %s', (_, takes, playlist) => {
    expect(takesParts(playlist)).toBe(takes)
  })
})

describe('leadingParts', () => {
  it.each<[string, readonly PartialSegment[], number]>([
    ['all in a row', parts, 4],
    ['one missing', parts.filter(({ partIndex }) => partIndex !== 2), 2],
    ['the first missing', parts.slice(1), 0],
    ['one marked as a gap', patched({ gap: true }, 1), 1],
    ['some of another segment', patched({ mediaSequence: 12 }, 0), 0],
  ])('%s', (_, listed, count) => {
    expect(leadingParts(listed, 13)).toEqual(listed.slice(0, count))
  })
})

describe('makesWhole', () => {
  const segment: MediaSegment = {
    uri: 'http://edge1/a-13.ts',
    mediaSequence: 13,
    discontinuitySequence: 0,
    durationSec: 2,
    discontinuity: false,
    gap: false,
  }
  const usual = { segment, parts, listedParts: 4, bytes: 1000 }

  it.each<[string, boolean, Partial<typeof usual>]>([
    ['all parts are at hand', true, {}],
    ['one is not', false, { parts: parts.slice(0, 3) }],
    ['more are listed', false, { listedParts: 5 }],
    ['none is listed any more', false, { listedParts: 0 }],
    ['none was ever listed', false, { listedParts: 0, parts: [] }],
    ['they are shorter than the segment', false, { parts: patched({ durationSec: 0.4 }, 3) }],
    ['their lengths are rounded', true, { parts: patched({ durationSec: 0.5004 }, 3) }],
    [
      'the segment is encrypted',
      false,
      { segment: { ...segment, key: { method: 'AES-128', uri: 'k' } } },
    ],
    ['the segment is a gap', false, { segment: { ...segment, gap: true } }],
    [
      'the byte range is as long',
      true,
      { segment: { ...segment, byteRange: { offset: 9, length: 1000 } } },
    ],
    [
      'the byte range is longer',
      false,
      { segment: { ...segment, byteRange: { offset: 9, length: 1001 } } },
    ],
  ])('%s: %s', (_, isWhole, patch) => {
    expect(makesWhole({ ...usual, ...patch })).toBe(isWhole)
  })
})

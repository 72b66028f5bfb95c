import { describe, expect, it } from 'vitest'
import { spanKindOf, spanText } from '../../../../src-main/recorder/spans/span-words'

const kind = (className: string | undefined, more = {}) =>
  spanKindOf({
    id: 'id-1',
    startMs: 0,
    endOnNext: false,
    ...(className === undefined ? {} : { className }),
    ...more,
  })

describe('kind of a date range', () => {
  it.each([
    ['com.apple.hls.interstitial', 'ad'],
    ['twitch-stitched-ad', 'ad'],
    ['AdBreak', 'ad'],
    ['tv.ProgrammeStart', 'programme'],
    ['urn:chapter', 'programme'],
    ['com.broadcast.header', 'other'],
  ] as const)('of class %s is %s', (className, expected) => {
    expect(kind(className)).toBe(expected)
  })

  it('is an ad by SCTE-35, and is judged by the ID where there is no class', () => {
    expect(kind('anything', { scte35: 'out' })).toBe('ad')
    expect(kind(undefined, { id: 'ad-17' })).toBe('ad')
    expect(kind(undefined)).toBe('other')
  })
})

describe('text of a span', () => {
  it('is one short line without characters that steer', () => {
    expect(spanText('  a\r\n b\u0000\u202ec  ')).toBe('a b c')
    expect(spanText('z'.repeat(1e6))).toHaveLength(80)
  })
})

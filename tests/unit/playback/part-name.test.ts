import { describe, expect, it } from 'vitest'
import { parsePartName } from '../../../src-main/playback/part-name'

describe('parsePartName', () => {
  it('reads what the playlist writes', () => {
    expect(parsePartName('sample000001-v0-p1-250-3.m4s')).toEqual({
      recordingId: 'sample000001',
      trackId: 'v0',
      epoch: 1,
      mediaSequence: 250,
      partIndex: 3,
      extension: 'm4s',
    })
  })

  it.each([
    'sample000001-v0-3.ts',
    'sample000001-v0-p1-250-3.mp4',
    'sample000001-v0-p1-250-3.exe',
    'sample000001-v0-p1-250-03.ts',
    'sample000001-v0-p1-250.ts',
    'sample000001-v0-p1-250-3.ts/..',
    '../sample000001-v0-p1-250-3.ts',
    'sample000001-v0-p1-9999999999999999-3.ts',
    'SAMPLE000001-v0-p1-250-3.ts',
  ])('S05 takes nothing else: %s', (text) => {
    expect(parsePartName(text)).toBeUndefined()
  })
})

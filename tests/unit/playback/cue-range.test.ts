import { describe, expect, it } from 'vitest'
import { keepCues, readTimestampMap } from '../../../src-main/playback/cue-range'
import { cueRangeText, parsePieceName } from '../../../src-main/playback/segment-name'

const file = [
  'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:01:00.500,MPEGTS:900000',
  'NOTE 00:00:00.000 is no cue',
  'first\n00:00:01.000 --> 00:00:02.000\nA $& b',
  '00:02.000 --> 00:06.000 align:start\nB',
  '01:00:05.000 --> 01:00:07.000\nC',
  '',
].join('\n\n')
const cuesOf = (text: string) => [...text.matchAll(/^.* --> .*$/gm)].map(([line]) => line)

describe('cues of a range', () => {
  it('are those that are shown in it, cut to it', () => {
    const text = keepCues(file, { fromSec: undefined, toSec: 4 })
    expect(cuesOf(text)).toEqual([
      '00:00:01.000 --> 00:00:02.000',
      '00:00:02.000 --> 00:00:04.000 align:start',
    ])
    expect(text).toContain('first\n')
    expect(text).toContain('A $& b')
    expect(text).toContain('NOTE')
    expect(text.startsWith('WEBVTT\nX-TIMESTAMP-MAP')).toBe(true)
    expect(cuesOf(keepCues(file, { fromSec: 4, toSec: undefined }))).toEqual([
      '00:00:04.000 --> 00:00:06.000 align:start',
      '01:00:05.000 --> 01:00:07.000',
    ])
  })

  it('are found in files with other ends of line', () => {
    const text = keepCues(file.replaceAll('\n', '\r\n'), { fromSec: 7, toSec: undefined })
    expect(cuesOf(text)).toEqual(['01:00:05.000 --> 01:00:07.000'])
  })

  it('are counted by the map of their file, whatever the order in it', () => {
    expect(readTimestampMap(file)).toEqual({ localSec: 60.5, mpegSec: 10 })
    expect(readTimestampMap('WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:90000\n')).toBeUndefined()
    expect(readTimestampMap('WEBVTT\n')).toBeUndefined()
  })

  it('are named behind their segment', () => {
    const range = { fromMs: undefined, toMs: 1_700_000_000_000 }
    const name = parsePieceName(`rec00001-s0-7${cueRangeText(range)}.vtt`)
    expect(name).toMatchObject({ name: { trackId: 's0', index: 7 }, range })
    for (const other of ['rec00001-s0-7.vtt', 'rec00001-s0-7-1-2.ts', 'rec00001-s0-7-1-2-3.vtt']) {
      expect(parsePieceName(other)).toBeUndefined()
    }
  })
})

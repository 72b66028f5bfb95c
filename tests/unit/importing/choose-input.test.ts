import { describe, expect, it } from 'vitest'
import { demuxerOf, playlistAmong } from '../../../src-main/importing/choose-input'

describe('playlistAmong', () => {
  it.each([
    [['a.ts', 'odd name.M3U8'], 'odd name.M3U8'],
    [['low.m3u8', 'high.m3u8', 'main.m3u8'], 'main.m3u8'],
    [['index.m3u8', 'Master.m3u8'], 'Master.m3u8'],
    [['one.m3u8', 'two.m3u8'], undefined],
    [['a.ts', 'm3u8'], undefined],
  ])('of %j it is %s', (names, name) => {
    expect(playlistAmong(names)).toBe(name)
  })
})

describe('demuxerOf', () => {
  const padded = (head: readonly number[]) => Buffer.concat([Buffer.from(head), Buffer.alloc(1000)])
  const packets = Buffer.alloc(188 * 4)
  for (let packet = 0; packet < 4; packet += 1) packets[packet * 188] = 0x47

  it.each([
    ['MP4', padded([0, 0, 0, 32, ...Buffer.from('ftypisom')]), 'mp4'],
    ['MKV', padded([0x1a, 0x45, 0xdf, 0xa3]), 'matroska'],
    ['MPEG-TS', packets, 'mpegts'],
    ['one packet only', padded([0x47]), undefined],
    ['a list for ffmpeg', Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s', (_what, head, demuxer) => {
    expect(demuxerOf(head)).toBe(demuxer)
  })
})

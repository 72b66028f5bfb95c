import { Parser } from 'm3u8-parser'
import { describe, expect, it } from 'vitest'
import {
  discontinuityTag,
  endListTag,
  gapTag,
  mapTag,
  mediaHeader,
  multivariantPlaylist,
  programDateTimeTag,
  safeCodecs,
  segmentLines,
} from '../../../src-main/hls/write-playlist'

/** Our own text, so the parser may run in this thread. */
function parse(text: string) {
  const parser = new Parser()
  parser.push(text)
  parser.end()
  return parser.manifest
}

describe('write-playlist', () => {
  it('writes a media playlist that a parser reads back', () => {
    const startMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    const text =
      mediaHeader({
        longestSec: 4.004,
        mediaSequence: 7,
        discontinuitySequence: 2,
        playlistType: 'VOD',
      }) +
      mapTag('init.mp4') +
      programDateTimeTag(startMs) +
      segmentLines(4.004, 'one.m4s') +
      discontinuityTag +
      segmentLines(2, 'two.m4s?token=abc') +
      endListTag
    expect(parse(text)).toMatchObject({
      version: 6,
      targetDuration: 5,
      mediaSequence: 7,
      discontinuitySequence: 2,
      playlistType: 'VOD',
      endList: true,
      segments: [
        {
          uri: 'one.m4s',
          duration: 4.004,
          map: { uri: 'init.mp4' },
          dateTimeString: '2026-01-02T03:04:05.678Z',
        },
        { uri: 'two.m4s?token=abc', duration: 2, discontinuity: true },
      ],
    })
  })

  it('leaves the type of a sliding live playlist out and never writes a target of 0', () => {
    const text = mediaHeader({ longestSec: 0, mediaSequence: 0, discontinuitySequence: 0 })
    expect(text).not.toContain('PLAYLIST-TYPE')
    expect(text).toContain('#EXT-X-TARGETDURATION:1\n')
  })

  it('keeps microseconds, so that a constant error does not add up over days', () => {
    expect(segmentLines(2.0053333333, 'a.ts')).toBe('#EXTINF:2.005333,\na.ts\n')
    expect(segmentLines(1e-9, 'a.ts')).toBe('#EXTINF:0,\na.ts\n')
  })

  it('F06 marks a gap with its cause', () => {
    const gap = { index: 9, startMs: 0, durationSec: 11.5, cause: 'sequence-gap' } as const
    expect(gapTag(gap)).toBe(
      '#EXT-X-DATERANGE:ID="gap-9",CLASS="vsr.gap",START-DATE="1970-01-01T00:00:00.000Z",DURATION=11.5,X-CAUSE="sequence-gap"\n',
    )
  })

  it('writes a multivariant playlist that a parser reads back', () => {
    const manifest = parse(
      multivariantPlaylist({
        variants: [
          {
            uri: 'stream.m3u8?track=v0',
            bandwidth: 1234567.8,
            codecs: 'avc1.64001f,mp4a.40.2',
            resolution: { width: 1280, height: 720 },
            audioGroup: 'audio',
          },
        ],
        renditions: [
          {
            type: 'AUDIO',
            groupId: 'audio',
            name: 'a0',
            language: 'pt-BR',
            isDefault: true,
            uri: 'stream.m3u8?track=a0',
          },
        ],
      }),
    )
    expect(manifest.playlists).toMatchObject([
      {
        uri: 'stream.m3u8?track=v0',
        attributes: {
          BANDWIDTH: 1234568,
          CODECS: 'avc1.64001f,mp4a.40.2',
          RESOLUTION: { width: 1280, height: 720 },
          AUDIO: 'audio',
        },
      },
    ])
    expect(manifest.mediaGroups?.AUDIO).toMatchObject({
      audio: { a0: { language: 'pt-BR', default: true, uri: 'stream.m3u8?track=a0' } },
    })
  })

  it('S10 writes codecs and languages only where they look like such', () => {
    expect(safeCodecs('avc1.64001f, mp4a.40.2')).toEqual(['avc1.64001f', 'mp4a.40.2'])
    expect(safeCodecs('hvc1.2.4.L123.B0')).toEqual(['hvc1.2.4.L123.B0'])
    for (const bad of [
      '',
      'avc1"\n#X',
      'avc1.64001f,x y',
      'a'.repeat(500),
      'avc1.64001f,"',
      '../x',
    ]) {
      expect(safeCodecs(bad), bad).toEqual([])
    }
    const text = multivariantPlaylist({
      variants: [{ uri: 'v', bandwidth: 0, codecs: 'x"\r\n#EVIL' }],
      renditions: [
        {
          type: 'AUDIO',
          groupId: 'g',
          name: 'a0',
          language: 'en"\n#EVIL',
          isDefault: false,
          uri: 'a',
        },
      ],
    })
    expect(text).not.toContain('EVIL')
    expect(text).toContain('BANDWIDTH=1\n')
  })
})

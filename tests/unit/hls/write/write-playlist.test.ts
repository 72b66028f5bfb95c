import { Parser } from 'm3u8-parser'
import { describe, expect, it } from 'vitest'
import { MediaWriter } from '../../../../src-main/hls/write/media-writer'
import {
  endListTag,
  mediaHeader,
  multivariantPlaylist,
  safeCodecs,
} from '../../../../src-main/hls/write/write-playlist'

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
    const writer = new MediaWriter({ uriStart: 'v0-', uriEnd: '?token=abc' })
    writer.map(1, 'mp4')
    writer.programDateTime(startMs)
    writer.segment(4.004, 2, 'm4s')
    writer.discontinuity()
    writer.segment(2, 3, 'm4s')
    const header = mediaHeader({
      longestSec: 4.004,
      mediaSequence: 7,
      discontinuitySequence: 2,
      playlistType: 'VOD',
    })
    const text = `${header}${writer.take()}${endListTag}`
    expect(parse(text)).toMatchObject({
      version: 6,
      targetDuration: 5,
      mediaSequence: 7,
      discontinuitySequence: 2,
      playlistType: 'VOD',
      endList: true,
      segments: [
        {
          uri: 'v0-2.m4s?token=abc',
          duration: 4.004,
          map: { uri: 'v0-1.mp4?token=abc' },
          dateTimeString: '2026-01-02T03:04:05.678Z',
        },
        { uri: 'v0-3.m4s?token=abc', duration: 2, discontinuity: true },
      ],
    })
  })

  it('leaves the type of a sliding live playlist out and never writes a target of 0', () => {
    const text = mediaHeader({ longestSec: 0, mediaSequence: 0, discontinuitySequence: 0 })
    expect(text).not.toContain('PLAYLIST-TYPE')
    expect(text).toContain('#EXT-X-TARGETDURATION:1\n')
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

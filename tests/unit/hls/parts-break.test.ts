import { expect, it } from 'vitest'
import { parsePlaylist } from '../../../src-main/hls/parse/parse-playlist'

/** Whether the segment in progress stands behind a break, where these lines stand around the last whole one. */
function partsBreakOf(options: {
  readonly before?: readonly string[]
  readonly behind: readonly string[]
  readonly header?: readonly string[]
}): boolean | undefined {
  const { before = [], behind, header = ['#EXT-X-PART-INF:PART-TARGET=0.5'] } = options
  const head = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...header, ...before]
  const segment = ['#EXTINF:2,', '0.mp4']
  const part = '#EXT-X-PART:DURATION=0.5,URI="1.0.mp4"'
  const text = [...head, ...segment, ...behind, part].join('\n')
  const playlist = parsePlaylist(text, 'https://h/live.m3u8')
  if (playlist.kind !== 'media') throw new Error('not a media playlist')
  return playlist.partsBreak
}

const map = (name: string) => `#EXT-X-MAP:URI="${name}.mp4"`
const key = '#EXT-X-KEY:METHOD=AES-128,URI="k"'

it.each<[string, boolean | undefined, Parameters<typeof partsBreakOf>[0]]>([
  ['nothing', undefined, { behind: [] }],
  ['EXT-X-DISCONTINUITY', true, { behind: ['#EXT-X-DISCONTINUITY'] }],
  ['a first EXT-X-MAP', true, { behind: [map('a')] }],
  ['another EXT-X-MAP', true, { before: [map('a')], behind: [map('b')] }],
  ['the same EXT-X-MAP again', undefined, { before: [map('a')], behind: [map('a')] }],
  ['EXT-X-KEY', true, { behind: [key] }],
  ['the end of encryption', undefined, { behind: ['#EXT-X-KEY:METHOD=NONE'] }],
  ['EXT-X-DISCONTINUITY further up', undefined, { before: ['#EXT-X-DISCONTINUITY'], behind: [] }],
  [
    'EXT-X-DISCONTINUITY without parts',
    undefined,
    { header: [], behind: ['#EXT-X-DISCONTINUITY'] },
  ],
])('%s in front of the segment in progress is a break: %s', (_what, expected, lines) => {
  expect(partsBreakOf(lines)).toBe(expected)
})

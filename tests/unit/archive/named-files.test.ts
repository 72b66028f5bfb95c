import { expect, it } from 'vitest'
import { namedFiles } from '../../../src-main/archive/named-files'

it('namedFiles tells what a playlist needs, once each, without what it says is missing', () => {
  const playlist = [
    '#EXTM3U',
    '#EXT-X-MAP:URI="media/r-v0-1.mp4"',
    '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="media/r-v0-2.key",IV=0x0',
    '#EXTINF:1,',
    'media/r-v0-3.m4s',
    '#EXT-X-GAP',
    '#EXTINF:1,',
    'media/r-v0-4.m4s',
    '#EXTINF:1,',
    'media/r-v0-5.m4s',
    '#EXT-X-MAP:URI="media/r-v0-1.mp4"',
    '#EXTINF:1,',
    'media/../../secret',
    '#EXT-X-ENDLIST',
  ]
  expect(namedFiles(playlist.join('\n'))).toEqual([
    'r-v0-1.mp4',
    'r-v0-2.key',
    'r-v0-3.m4s',
    'r-v0-5.m4s',
  ])
})

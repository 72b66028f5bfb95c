import { expect, it } from 'vitest'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import { mediaFixture } from '../../support/hls-fixtures'

interface Row {
  readonly title: string
  readonly fixture: string
  readonly see: (playlist: MediaPlaylist) => unknown
  readonly expected: unknown
}

const base = 'https://live.example.com/ch1'
const uris = ({ segments }: MediaPlaylist) => segments.map(({ uri }) => uri)
const utc = (text: string) => Date.parse(`2026-03-01T${text}Z`)

const rows: readonly Row[] = [
  {
    title: 'EXT-X-BITRATE applies until the next one, but not to byte ranges',
    fixture: 'bitrate.m3u8',
    see: ({ segments }) => segments.map(({ bitrate }) => bitrate),
    expected: [undefined, 1_500_000, 1_500_000, undefined, 2_200_000],
  },
  {
    title: 'EXT-X-START names an offset',
    fixture: 'start.m3u8',
    see: ({ startOffsetSec }) => startOffsetSec,
    expected: -9.5,
  },
  {
    title: 'EXT-X-I-FRAMES-ONLY is a list of byte ranges',
    fixture: 'i-frames-only.m3u8',
    see: ({ iFramesOnly, segments }) => ({
      iFramesOnly,
      ranges: segments.map(({ byteRange }) => byteRange),
    }),
    expected: {
      iFramesOnly: true,
      ranges: [
        { offset: 376, length: 9400 },
        { offset: 47_188, length: 7144 },
        { offset: 376, length: 10_340 },
      ],
    },
  },
  {
    title: 'EXT-X-SERVER-CONTROL and EXT-X-PART-INF tell what the server can do',
    fixture: 'low-latency.m3u8',
    see: ({ serverControl, partTargetSec }) => ({ serverControl, partTargetSec }),
    expected: {
      serverControl: {
        canBlockReload: true,
        canSkipUntilSec: 24,
        canSkipDateRanges: true,
        // Three target durations where it is not declared (rfc8216bis 4.4.3.8).
        holdBackSec: 12,
        partHoldBackSec: 3.012,
      },
      partTargetSec: 1.004,
    },
  },
  {
    title: 'EXT-X-PART belongs to the segment that follows',
    fixture: 'low-latency.m3u8',
    see: ({ parts = [], segments }) => ({
      segments: segments.map(({ mediaSequence }) => mediaSequence),
      parts: parts.map((part) => [part.mediaSequence, part.partIndex, part.independent, part.gap]),
      last: parts.at(-1),
    }),
    expected: {
      segments: [266, 267],
      parts: [
        [267, 0, true, false],
        [267, 1, false, false],
        [267, 2, false, true],
        [267, 3, false, false],
        [268, 0, true, false],
        [268, 1, false, false],
      ],
      last: {
        uri: `${base}/segment-268.2.mp4`,
        mediaSequence: 268,
        partIndex: 1,
        durationSec: 1.004,
        independent: false,
        gap: false,
      },
    },
  },
  {
    title: 'EXT-X-DISCONTINUITY and EXT-X-MAP in front of the parts in progress are a break',
    fixture: 'low-latency-break.m3u8',
    see: ({ partsBreak, segments }) => [
      partsBreak,
      ...segments.map(({ discontinuity, initSection }) => [discontinuity, initSection?.uri]),
    ],
    expected: [true, [false, `${base}/init.mp4`], [false, `${base}/init.mp4`]],
  },
  {
    title: 'EXT-X-PRELOAD-HINT names the next part',
    fixture: 'low-latency.m3u8',
    see: ({ preloadHint }) => preloadHint,
    expected: { uri: `${base}/segment-268.3.mp4` },
  },
  {
    title: 'EXT-X-PART continues byte ranges of the same resource',
    fixture: 'low-latency-byte-ranges.m3u8',
    see: ({ parts = [], preloadHint }) => ({
      ranges: parts.map(({ byteRange }) => byteRange),
      preloadHint,
    }),
    expected: {
      ranges: [
        { offset: 0, length: 1000 },
        { offset: 1000, length: 700 },
        { offset: 0, length: 900 },
        { offset: 900, length: 800 },
      ],
      preloadHint: { uri: `${base}/41.mp4`, byteRange: { offset: 1700 } },
    },
  },
  {
    title: 'EXT-X-SKIP moves the numbering on',
    fixture: 'delta.m3u8',
    see: ({ mediaSequence, segments, skippedSegments, removedDateRangeIds, inheritedUntil }) => ({
      numbers: [mediaSequence, ...segments.map((segment) => segment.mediaSequence)],
      skippedSegments,
      removedDateRangeIds,
      inheritedUntil,
    }),
    expected: {
      numbers: [500, 520, 521],
      skippedSegments: 20,
      removedDateRangeIds: ['ad-1', 'ad-2'],
      inheritedUntil: { key: 521 },
    },
  },
  {
    title: 'EXT-X-DATERANGE is merged by its ID, and left out where it makes no sense',
    fixture: 'date-ranges.m3u8',
    see: ({ dateRanges }) => dateRanges,
    expected: [
      {
        id: 'show',
        className: 'com.example.programme',
        startMs: utc('10:00:00'),
        endMs: utc('10:30:00'),
        endOnNext: false,
      },
      {
        id: 'ad-1',
        startMs: utc('10:00:06.500'),
        endMs: utc('10:00:36'),
        plannedDurationSec: 30,
        endOnNext: false,
        scte35: 'out',
      },
      {
        id: 'next',
        className: 'com.example.chapter',
        startMs: utc('10:00:12'),
        endOnNext: true,
      },
      { id: 'message', startMs: utc('10:00:13'), endOnNext: false, scte35: 'cmd' },
      { id: 'ends too soon', startMs: utc('10:00:15'), endOnNext: false },
    ],
  },
  {
    title: 'EXT-X-CUE-OUT, EXT-X-CUE-OUT-CONT and EXT-X-CUE-IN stand before segments',
    fixture: 'cues.m3u8',
    see: ({ cues }) => cues,
    expected: [
      { kind: 'out', mediaSequence: 100, plannedDurationSec: 30, continued: true },
      { kind: 'in', mediaSequence: 101 },
      { kind: 'out', mediaSequence: 102, plannedDurationSec: 5_426_421 / 90_000 },
      { kind: 'in', mediaSequence: 104 },
      { kind: 'out', mediaSequence: 104, plannedDurationSec: 15 },
      { kind: 'in', mediaSequence: 105 },
      { kind: 'out', mediaSequence: 105 },
    ],
  },
  {
    title:
      'EXT-X-SCTE35 and EXT-OATCLS-SCTE35 are read from their attributes, else from the message',
    fixture: 'scte35.m3u8',
    see: ({ cues }) => cues,
    expected: [
      { kind: 'out', mediaSequence: 7, plannedDurationSec: 307 },
      { kind: 'in', mediaSequence: 9 },
      { kind: 'out', mediaSequence: 10, plannedDurationSec: 307 },
      { kind: 'in', mediaSequence: 11 },
    ],
  },
  {
    title: 'signed queries stay as they are',
    fixture: 'signed-queries.m3u8',
    see: (playlist) => [
      playlist.segments[0]?.key?.uri,
      playlist.segments[0]?.initSection?.uri,
      ...uris(playlist),
    ],
    expected: [
      `${base}/key?Policy=eyJ_&Signature=a~b-c*&Key-Pair-Id=K`,
      `${base}/init.mp4?hdnts=st=1~exp=2~acl=/*~hmac=ab|cd`,
      `${base}/1.m4s?sig=a%2Fb%2fc%3D&t=A+B==&e=&&r=1&r=2`,
      `${base}/2.m4s?acl=/*!/path/*~hmac=0|1^{x}[y];z:@$,()`,
      `${base}/3.m4s?bad=%zz%&u=https://x/../y/./z?q=1`,
      `${base}/4.m4s?`,
      `${base}/5.m4s?a=1#fragment?b=2#c`,
      `${base}/index.m3u8?only=query`,
      `${base}/p%2Fq/6.m4s?x=1`,
      // Browsers send no apostrophe, space or quote in a query as it is.
      `${base}/7.m4s?q=it%27s&s=a%20b%22c`,
    ],
  },
  {
    title: 'EXT-X-PLAYLIST-TYPE EVENT grows',
    fixture: 'event.m3u8',
    see: ({ playlistType, endList, segments }) => ({ playlistType, endList, n: segments.length }),
    expected: { playlistType: 'EVENT', endList: false, n: 2 },
  },
  {
    title: 'EXT-X-PLAYLIST-TYPE VOD is whole, and EXT-X-ENDLIST says so',
    fixture: 'vod.m3u8',
    see: ({ playlistType, endList, segments }) => ({
      playlistType,
      endList,
      durations: segments.map(({ durationSec }) => durationSec),
    }),
    expected: { playlistType: 'VOD', endList: true, durations: [4, 2.5] },
  },
  {
    title: 'F07 EXT-X-GAP and EXT-X-DISCONTINUITY-SEQUENCE count on',
    fixture: 'discontinuities.m3u8',
    see: ({ segments }) =>
      segments.map((segment) => [
        segment.discontinuitySequence,
        segment.discontinuity,
        segment.gap,
      ]),
    expected: [
      [5, true, false],
      [5, false, false],
      [6, true, true],
    ],
  },
  {
    title: 'EXT-X-PROGRAM-DATE-TIME is counted on and back, but not across a discontinuity',
    fixture: 'program-date-times.m3u8',
    see: ({ segments }) => segments.map(({ programDateTimeMs }) => programDateTimeMs),
    expected: [
      utc('10:00:00'),
      utc('10:00:04'),
      utc('10:00:08'),
      undefined,
      Date.parse('2026-03-02T10:00:00Z'),
    ],
  },
  {
    title: 'F21 EXT-X-MAP changes',
    fixture: 'map-change.m3u8',
    see: ({ segments }) => segments.map(({ initSection }) => initSection),
    expected: [
      { uri: `${base}/a.mp4`, byteRange: { offset: 0, length: 800 } },
      { uri: `${base}/b.mp4`, byteRange: { offset: 0, length: 900 } },
    ],
  },
]

it.each(rows)('$title', ({ fixture, see, expected }) => {
  expect(see(mediaFixture(fixture))).toEqual(expected)
})

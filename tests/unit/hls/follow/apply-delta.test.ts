import { describe, expect, it } from 'vitest'
import { applyDelta } from '../../../../src-main/hls/follow/apply-delta'
import { parsePlaylist } from '../../../../src-main/hls/parse/parse-playlist'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { createRandom } from '../../../support/random'

const URL_ = 'https://h.example/ch/index.m3u8'

function parse(...lines: readonly string[]): MediaPlaylist {
  const playlist = parsePlaylist(['#EXTM3U', '#EXT-X-TARGETDURATION:4', ...lines].join('\n'), URL_)
  if (playlist.kind !== 'media') throw new Error('expected a media playlist')
  return playlist
}

const segment = (n: number) => ['#EXTINF:4,', `${n}.ts`]
const segments = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => segment(from + i)).flat()
const skip = (count: number, rest = '') => `#EXT-X-SKIP:SKIPPED-SEGMENTS=${count}${rest}`
const at = (n: number) => `#EXT-X-MEDIA-SEQUENCE:${n}`

describe('applyDelta', () => {
  it('puts the skipped segments back in front', () => {
    const previous = parse(at(10), ...segments(10, 16))
    const delta = parse(at(11), skip(3), ...segments(14, 18))
    expect(delta.segments[0]?.mediaSequence).toBe(14)
    expect(applyDelta(previous, delta)).toEqual(parse(at(11), ...segments(11, 18)))
  })

  it('gives a whole listing back as it is', () => {
    const whole = parse(at(11), ...segments(11, 15))
    expect(applyDelta(parse(at(1), ...segments(1, 5)), whole)).toBe(whole)
  })

  it.each([
    { what: 'skips more than is known', lines: [at(11), skip(9), ...segments(20, 22)] },
    { what: 'begins earlier than what is known', lines: [at(9), skip(3), ...segments(12, 16)] },
    { what: 'lies far ahead', lines: [at(90), skip(3), ...segments(93, 96)] },
    {
      what: 'has another discontinuity sequence',
      lines: [at(11), '#EXT-X-DISCONTINUITY-SEQUENCE:5', skip(3), ...segments(14, 18)],
    },
  ])('refuses a delta update that $what', ({ lines }) => {
    expect(applyDelta(parse(at(10), ...segments(10, 16)), parse(...lines))).toBeUndefined()
  })

  it('does not build on a listing that is not whole itself', () => {
    const delta = parse(at(11), skip(3), ...segments(14, 18))
    expect(applyDelta(delta, delta)).toBeUndefined()
  })

  it('goes on with the key, initialization section, bit rate and numbering that were skipped', () => {
    const previous = parse(
      at(1),
      '#EXT-X-DISCONTINUITY-SEQUENCE:7',
      '#EXT-X-KEY:METHOD=AES-128,URI="k1"',
      '#EXT-X-MAP:URI="i1.mp4"',
      '#EXT-X-BITRATE:1000',
      ...segment(1),
      '#EXT-X-DISCONTINUITY',
      ...segments(2, 5),
    )
    const merged = applyDelta(
      previous,
      parse(at(1), '#EXT-X-DISCONTINUITY-SEQUENCE:7', skip(3), ...segments(4, 6)),
    )
    expect(merged?.segments.at(-1)).toEqual({
      uri: 'https://h.example/ch/5.ts',
      mediaSequence: 5,
      discontinuitySequence: 8,
      durationSec: 4,
      discontinuity: false,
      gap: false,
      bitrate: 1_000_000,
      key: { method: 'AES-128', uri: 'https://h.example/ch/k1' },
      initSection: {
        uri: 'https://h.example/ch/i1.mp4',
        key: { method: 'AES-128', uri: 'https://h.example/ch/k1' },
      },
    })
  })

  it('lets METHOD=NONE end a key that was skipped', () => {
    const previous = parse(at(1), '#EXT-X-KEY:METHOD=AES-128,URI="k1"', ...segments(1, 5))
    const delta = parse(
      at(1),
      skip(3),
      ...segments(4, 5),
      '#EXT-X-KEY:METHOD=NONE',
      ...segments(5, 6),
    )
    const keys = applyDelta(previous, delta)?.segments.map(({ key }) => key !== undefined)
    expect(keys).toEqual([true, true, true, true, false])
  })

  it('encrypts an initialization section with the skipped key only where none stands before it', () => {
    const previous = parse(at(1), '#EXT-X-KEY:METHOD=AES-128,URI="k1"', ...segments(1, 3))
    const delta = parse(
      at(1),
      skip(2),
      '#EXT-X-MAP:URI="a.mp4"',
      '#EXT-X-KEY:METHOD=NONE',
      ...segment(3),
      '#EXT-X-MAP:URI="b.mp4"',
      ...segment(4),
    )
    const inits = applyDelta(previous, delta)?.segments.map(({ initSection }) => initSection)
    expect(inits?.[2]?.key?.uri).toBe('https://h.example/ch/k1')
    expect(inits?.[3]).toEqual({ uri: 'https://h.example/ch/b.mp4' })
  })

  it('does not let rounded instants drift over many delta updates', () => {
    const zeroMs = Date.parse('2026-03-01T10:00:00Z')
    const listed = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ['#EXTINF:1.0014,', `${from + i}.ts`]).flat()
    const type = '#EXT-X-PLAYLIST-TYPE:EVENT'
    let playlist = parse(type, '#EXT-X-PROGRAM-DATE-TIME:2026-03-01T10:00:00Z', ...listed(0, 10))
    for (let count = 10; count < 500; count += 1) {
      const delta = parse(type, skip(count - 5), ...listed(count - 5, count + 1))
      playlist = applyDelta(playlist, delta) ?? playlist
    }
    expect(playlist.segments).toHaveLength(500)
    const lastMs = playlist.segments.at(-1)?.programDateTimeMs ?? 0
    expect(Math.abs(lastMs - (zeroMs + 499 * 1001.4))).toBeLessThanOrEqual(1)
  })

  it('keeps date ranges that are left out, but not those that the server removed', () => {
    const range = (id: string, rest = '') =>
      `#EXT-X-DATERANGE:ID="${id}",START-DATE="2026-03-01T10:00:00Z"${rest}`
    const previous = parse(at(1), ...['a', 'b', 'c'].map((id) => range(id)), ...segments(1, 5))
    const removed = `,RECENTLY-REMOVED-DATERANGES="a\t__proto__"`
    const update = [range('c', ',DURATION=5'), range('d')]
    const merged = applyDelta(
      previous,
      parse(at(1), skip(3, removed), ...update, ...segments(4, 5)),
    )
    expect(merged?.dateRanges?.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    expect(merged?.dateRanges?.[1]?.endMs).toBe(Date.parse('2026-03-01T10:00:05Z'))
    expect(merged).not.toHaveProperty('removedDateRangeIds')

    const whole = applyDelta(previous, parse(at(1), skip(3), range('d'), ...segments(4, 5)))
    expect(whole?.dateRanges?.map(({ id }) => id)).toEqual(['d'])
    const emptied = parse(at(1), skip(3, ',RECENTLY-REMOVED-DATERANGES="a\tb\tc"'), ...segment(4))
    expect(applyDelta(previous, emptied)).not.toHaveProperty('dateRanges')
  })

  it('keeps the cues of skipped segments', () => {
    const previous = parse(
      at(1),
      ...segment(1),
      '#EXT-X-CUE-OUT:30',
      ...segment(2),
      '#EXT-X-CUE-OUT-CONT:4/30',
      ...segments(3, 6),
    )
    const delta = parse(
      at(1),
      skip(3),
      '#EXT-X-CUE-OUT-CONT:8/30',
      ...segment(4),
      '#EXT-X-CUE-IN',
      ...segment(5),
    )
    expect(applyDelta(previous, delta)?.cues).toEqual([
      { kind: 'out', mediaSequence: 2, plannedDurationSec: 30 },
      { kind: 'in', mediaSequence: 5 },
    ])
  })
})

/** One segment of a server that writes whole listings and delta updates of the same stream. */
interface Produced {
  readonly lines: readonly string[]
  readonly key: string
  readonly map: readonly string[]
  readonly bitrate: string
  readonly startMs: number
  readonly discontinuity: boolean
  readonly durationSec: number
}

function produce(random: () => number, count: number): Produced[] {
  let key = '#EXT-X-KEY:METHOD=NONE'
  let map: readonly string[] = []
  let bitrate = ''
  let startMs = Date.parse('2026-03-01T10:00:00Z')
  return Array.from({ length: count }, (_, n) => {
    const lines: string[] = []
    const discontinuity = n > 0 && random() < 0.15
    if (discontinuity) {
      lines.push('#EXT-X-DISCONTINUITY')
      startMs += 60_000
    }
    if (random() < 0.2) {
      key = random() < 0.3 ? '#EXT-X-KEY:METHOD=NONE' : `#EXT-X-KEY:METHOD=AES-128,URI="k${n}"`
      lines.push(key)
    }
    if (random() < 0.2) {
      const tag = `#EXT-X-MAP:URI="i${n}.mp4"`
      lines.push(tag)
      // The key in front of it is its own, also for whoever joins later.
      map = [key, tag]
    }
    if (random() < 0.2) {
      bitrate = `#EXT-X-BITRATE:${1000 + n}`
      lines.push(bitrate)
    }
    if (discontinuity || random() < 0.3) {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs).toISOString()}`)
    }
    const durationSec = 1 + Math.round(random() * 3000) / 1000
    if (random() < 0.1) lines.push('#EXT-X-GAP')
    lines.push(`#EXTINF:${durationSec},`, `${n}.ts`)
    const produced = { lines, key, map, bitrate, startMs, discontinuity, durationSec }
    startMs += durationSec * 1000
    return produced
  })
}

interface Listed {
  readonly from: number
  readonly to: number
  readonly skipped: number
  /** The server counts a discontinuity in front of the first segment instead of writing its tag. */
  readonly countsFirst: boolean
}

/** The listing of some segments, as a whole or without the first `skipped` of them. */
function listing(stream: readonly Produced[], { from, to, skipped, countsFirst }: Listed) {
  const first = stream[from]
  if (first === undefined) throw new Error('nothing to list')
  const before = stream.slice(0, countsFirst ? from + 1 : from)
  const dateTime = `#EXT-X-PROGRAM-DATE-TIME:${new Date(first.startMs).toISOString()}`
  const state = [...first.map, first.key, first.bitrate, dateTime].filter((line) => line !== '')
  const own = first.lines.filter(
    (line) =>
      /^#EXTINF|^#EXT-X-GAP|^\d/.test(line) || (!countsFirst && line.startsWith('#EXT-X-DISC')),
  )
  return parse(
    at(from),
    `#EXT-X-DISCONTINUITY-SEQUENCE:${before.filter(({ discontinuity }) => discontinuity).length}`,
    ...(skipped > 0 ? [skip(skipped)] : [...state, ...own]),
    ...stream.slice(from + Math.max(1, skipped), to).flatMap(({ lines }) => lines),
  )
}

it('any delta update gives what the whole listing would have given', () => {
  const random = createRandom(11)
  for (let round = 0; round < 100; round += 1) {
    const stream = produce(random, 40)
    let from = 0
    let to = 12
    const countsFirst = round % 2 === 0
    let known = listing(stream, { from, to, skipped: 0, countsFirst })
    while (to < 40) {
      const oldTo = to
      from += Math.floor(random() * 3)
      to = Math.min(40, to + 1 + Math.floor(random() * 3))
      const skipped = 1 + Math.floor(random() * (oldTo - from - 1))
      const merged = applyDelta(known, listing(stream, { from, to, skipped, countsFirst }))
      if (merged === undefined) throw new Error(`round ${round}: delta at ${from} did not fit`)
      const whole = listing(stream, { from, to, skipped: 0, countsFirst })
      // Instants may differ by a rounding, and are compared by themselves.
      const withoutInstants = ({ segments: all, ...playlist }: MediaPlaylist) => ({
        ...playlist,
        segments: all.map((one, i) => ({
          ...one,
          programDateTimeMs: 0,
          discontinuity: one.discontinuity && !(i === 0 && countsFirst),
        })),
      })
      expect(withoutInstants(merged)).toEqual(withoutInstants(whole))
      merged.segments.forEach(({ programDateTimeMs = 0 }, i) => {
        expect(
          Math.abs(programDateTimeMs - (whole.segments[i]?.programDateTimeMs ?? 1)),
        ).toBeLessThan(3)
      })
      known = merged
    }
  }
})

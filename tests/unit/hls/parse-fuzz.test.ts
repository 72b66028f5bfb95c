import { expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import { applyDelta } from '../../../src-main/hls/follow/apply-delta'
import { parsePlaylist } from '../../../src-main/hls/parse/parse-playlist'
import type { Playlist } from '../../../src-main/hls/playlist'
import { FIXTURE_URL, hlsFixtures, readHlsFixture } from '../../support/hls-fixtures'
import { createRandom } from '../../support/random'

const ROUNDS = 4000
/** The worker has 2 s for a list a thousand times as long. */
const LONGEST_MS = 1000

const pieces = [
  '\n',
  '\r',
  ',',
  '=',
  '"',
  ':',
  '@',
  '-',
  '0',
  '9',
  '1e999',
  '18446744073709551616',
  'NaN',
  '__proto__',
  'constructor',
  'hasOwnProperty=1,',
  '\u0000',
  '{$session}',
  '{$x}',
  '#EXT',
  'file:///etc/passwd',
  'http://weaker/',
]

const texts = hlsFixtures.map(readHlsFixture)
const lines = texts.flatMap((text) => text.split('\n'))

function mutate(random: () => number, text: string): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? ''
  let mutated = text
  for (let edits = 0; edits < 1 + random() * 4; edits += 1) {
    const at = Math.floor(random() * mutated.length)
    const cut = random() < 0.5 ? Math.floor(random() * 12) : 0
    const piece = random() < 0.3 ? `\n${pick(lines)}\n` : pick(pieces)
    mutated = mutated.slice(0, at) + piece + mutated.slice(at + cut)
  }
  return mutated
}

/** Numbers that are none, or too large to be counted on; addresses other than http(s). */
function problemsOf(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'number') {
    const isWhole = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    return isWhole ? [] : [`${name} ${value}`]
  }
  if (name === 'uri' || name === 'serverUri') {
    return /^https?:\/\//.test(String(value)) ? [] : [`${name} ${String(value)}`]
  }
  if (typeof value !== 'object' || value === null || isForeignKey(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => problemsOf(inner, key))
}

/** A key that VSR cannot use keeps its address as it is: it is never asked for. */
const isForeignKey = (value: object): boolean =>
  'keyFormat' in value || ('method' in value && value.method !== 'AES-128')

function parse(text: string): Playlist | VsrError {
  try {
    return parsePlaylist(text, FIXTURE_URL, [['token', 't=1']])
  } catch (error) {
    if (error instanceof VsrError) return error
    throw error
  }
}

it('S11 S21 S22 S23 mutated playlists are read or refused with a code, never anything else', () => {
  const random = createRandom(7)
  const before = Object.getOwnPropertyNames(Object.prototype).toSorted()
  const codes = new Set<string>()
  let read = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = mutate(random, texts[round % texts.length] ?? '')
    const startMs = performance.now()
    const result = parse(text)
    expect(performance.now() - startMs, text).toBeLessThan(LONGEST_MS)
    if (result instanceof VsrError) {
      codes.add(result.code)
      continue
    }
    read += 1
    expect(problemsOf(result), text).toEqual([])
    expect(structuredClone(result)).toEqual(result)
  }
  expect([...codes].toSorted()).toEqual(['not_a_playlist', 'playlist_unreadable'])
  expect(read).toBeGreaterThan(ROUNDS / 4)
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before)
})

it('S23 no delta update makes numbers that are none', () => {
  const random = createRandom(23)
  const delta = readHlsFixture('delta.m3u8')
  const whole = ['#EXTM3U', '#EXT-X-TARGETDURATION:4', '#EXT-X-MEDIA-SEQUENCE:495']
  for (let n = 495; n < 522; n += 1) whole.push('#EXTINF:4,', `${n}.ts`)
  const previous = parse(whole.join('\n'))
  if (previous instanceof VsrError || previous.kind !== 'media') throw new Error('a media playlist')
  let merged = 0
  for (let round = 0; round < 500; round += 1) {
    const result = parse(mutate(random, delta))
    if (result instanceof VsrError || result.kind !== 'media') continue
    const listing = applyDelta(previous, result)
    if (listing === undefined) continue
    merged += 1
    expect(problemsOf(listing)).toEqual([])
    const numbers = listing.segments.map(({ mediaSequence }) => mediaSequence)
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i))
  }
  expect(merged).toBeGreaterThan(50)
})

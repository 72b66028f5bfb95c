import { expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import { applyDelta } from '../../../src-main/hls/follow/apply-delta'
import { readHlsFixture } from '../../support/hls-fixtures'
import { mutate, parseHostile, parseMutated, problemsOf } from '../../support/hostile-playlists'
import { createRandom } from '../../support/random'

const ROUNDS = 4000
/** The worker has 2 s for a list a thousand times as long. */
const LONGEST_MS = 1000

it('S11 S21 S22 S23 mutated playlists are read or refused with a code, never anything else', () => {
  const { read, refused, crashes, wrong, slowestMs, pollution } = parseMutated(ROUNDS, 7)
  expect(crashes).toEqual([])
  expect(wrong).toEqual([])
  expect(pollution).toEqual([])
  expect(slowestMs).toBeLessThan(LONGEST_MS)
  expect([...refused.keys()].toSorted()).toEqual(['not_a_playlist', 'playlist_unreadable'])
  expect(read).toBeGreaterThan(ROUNDS / 4)
})

it('S23 no delta update makes numbers that are none', () => {
  const random = createRandom(23)
  const delta = readHlsFixture('delta.m3u8')
  const whole = ['#EXTM3U', '#EXT-X-TARGETDURATION:4', '#EXT-X-MEDIA-SEQUENCE:495']
  for (let n = 495; n < 522; n += 1) whole.push('#EXTINF:4,', `${n}.ts`)
  const previous = parseHostile(whole.join('\n'))
  if (previous instanceof VsrError || previous.kind !== 'media') throw new Error('a media playlist')
  let merged = 0
  for (let round = 0; round < 500; round += 1) {
    const result = parseHostile(mutate(random, delta))
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

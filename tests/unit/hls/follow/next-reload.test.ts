import { describe, expect, it } from 'vitest'
import {
  type BlockingTrust,
  fullTrust,
  judgeLoad,
} from '../../../../src-main/hls/follow/blocking-trust'
import { nextReload } from '../../../../src-main/hls/follow/next-reload'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist, withParts } from '../../../support/playlists'

const blocking = { canBlockReload: true, canSkipDateRanges: false }
const listing: MediaPlaylist = {
  ...mediaPlaylist({ first: 10, count: 5, durationSec: 4 }),
  serverControl: blocking,
}
const usual = { changed: true, isStale: false, elapsedMs: 1000, trust: fullTrust }
const next = (patch: Partial<MediaPlaylist>, options: Partial<typeof usual> = {}) =>
  nextReload({ playlist: { ...listing, ...patch }, ...usual, ...options })

describe('nextReload', () => {
  it('asks a server that blocks for the next segment at once', () => {
    expect(next({})).toEqual({ delayMs: 0, directives: { msn: 15 }, holdMs: 12_000 })
  })

  it('asks for the next part of the segment in progress', () => {
    const playlist = withParts(listing, { parts: 2, partSec: 0.5 })
    expect(next(playlist).directives).toEqual({ msn: 15, part: 2 })
  })

  it('asks for the first part where the segment has just become whole', () => {
    const parts = withParts(listing, { parts: 1, partSec: 0.5 }).parts?.map((part) => ({
      ...part,
      mediaSequence: 14,
    }))
    expect(next({ partTargetSec: 0.5, parts: parts ?? [] }).directives).toEqual({
      msn: 15,
      part: 0,
    })
  })

  it('asks for no part where none are listed', () => {
    expect(next({ partTargetSec: 0.5, parts: [] }).directives).toEqual({ msn: 15 })
    expect(next({ partTargetSec: 0.5 }).directives).toEqual({ msn: 15 })
  })

  it.each<[string, Partial<MediaPlaylist>, Partial<typeof usual>]>([
    ['does not offer it', { serverControl: { ...blocking, canBlockReload: false } }, {}],
    ['has ended', { endList: true }, {}],
    ['answered with an older copy', {}, { isStale: true }],
    ['did not keep its offer lately', {}, { trust: { strikes: 1, plainLoads: 1 } }],
  ])('keeps the ordinary pace where the server %s', (_, patch, options) => {
    expect(next(patch, options)).toEqual({ delayMs: 3000, directives: {}, holdMs: 0 })
  })

  it('keeps the ordinary pace where nothing is listed yet', () => {
    expect(next({ segments: [] }, { changed: false })).toEqual({
      delayMs: 1000,
      directives: {},
      holdMs: 0,
    })
  })

  it.each([
    { elapsedMs: 0, delayMs: 500 },
    { elapsedMs: 200, delayMs: 300 },
    { elapsedMs: 600, delayMs: 0 },
  ])('does not hammer a server that answers after $elapsedMs ms', ({ elapsedMs, delayMs }) => {
    expect(next({}, { elapsedMs }).delayMs).toBe(delayMs)
  })

  it.each([
    { partSec: 0.0001, delayMs: 100 },
    { partSec: 0.4, delayMs: 200 },
    { partSec: 60, delayMs: 500 },
  ])('waits $delayMs ms between requests for parts of $partSec s', ({ partSec, delayMs }) => {
    const playlist = withParts(listing, { parts: 1, partSec })
    expect(next(playlist, { elapsedMs: 0 }).delayMs).toBe(delayMs)
  })

  it('waits for no answer longer than a minute, whatever the target duration', () => {
    expect(next({ targetDurationSec: 1e9 }).holdMs).toBe(60_000)
    expect(next({ targetDurationSec: Number.NaN }).directives).toEqual({})
  })

  it.each([
    { elapsedMs: 1000, skip: true },
    { elapsedMs: 12_000, skip: true },
    { elapsedMs: 12_001, skip: undefined },
  ])('asks for a delta of a listing that is $elapsedMs ms old: $skip', ({ elapsedMs, skip }) => {
    const serverControl = { ...blocking, canSkipUntilSec: 24 }
    expect(next({ serverControl }, { elapsedMs }).directives.skip).toBe(skip)
  })

  it('counts the wait before a plain reload into the age of the listing', () => {
    const serverControl = { canBlockReload: false, canSkipDateRanges: false, canSkipUntilSec: 7 }
    expect(next({ serverControl }).directives.skip).toBeUndefined()
    expect(next({ serverControl }, { changed: false }).directives.skip).toBe(true)
  })
})

describe('judgeLoad', () => {
  const judge = (trust: BlockingTrust, asked: object, playlist?: MediaPlaylist) =>
    judgeLoad({ trust, asked, playlist })

  it('trusts a server that answers when it has what was asked for', () => {
    const doubt = { strikes: 3, plainLoads: 0 }
    expect(judge(doubt, { msn: 14 }, listing)).toEqual(fullTrust)
    const playlist = withParts(listing, { parts: 2, partSec: 0.5 })
    expect(judge(doubt, { msn: 15, part: 1 }, playlist)).toEqual(fullTrust)
    expect(judge(doubt, { msn: 14, part: 9 }, playlist)).toEqual(fullTrust)
  })

  it.each<[string, object, MediaPlaylist | undefined]>([
    ['fails', { msn: 15 }, undefined],
    ['answers before the segment is there', { msn: 15 }, listing],
    ['answers before the part is there', { msn: 15, part: 2 }, withParts(listing, { parts: 2 })],
  ])('leaves a server alone for longer and longer that %s', (_, asked, playlist) => {
    let trust = fullTrust
    const pauses = Array.from({ length: 9 }, () => {
      trust = judge(trust, asked, playlist)
      return trust.plainLoads
    })
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64])
  })

  it('tries again after the plain loads', () => {
    const doubt = { strikes: 2, plainLoads: 2 }
    expect(judge(judge(doubt, {}, listing), { skip: true }, undefined)).toEqual({
      strikes: 2,
      plainLoads: 0,
    })
  })
})

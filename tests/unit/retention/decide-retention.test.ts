import { describe, expect, it } from 'vitest'
import {
  decideRetention,
  type HeldRecording,
  type LetGo,
  type RetentionLimits,
  type RetentionState,
  type Stretch,
} from '../../../src-main/retention/decide-retention'
import { createRandom } from '../../support/random'

const noLimits: RetentionLimits = {
  maxAgeMs: 0,
  maxRecordingBytes: 0,
  maxLibraryBytes: 0,
  headroomBytes: 0,
  deletesForSpace: false,
  trashMs: 1e12,
}
const NOW_MS = 1_000_000

/** Stretches of ten bytes, one every 100 ms. */
const held = (id: string, startMs: number, count: number, change = {}): HeldRecording => ({
  id,
  pinned: false,
  stretches: Array.from({ length: count }, (_, at) => ({
    startMs: startMs + at * 100,
    endMs: startMs + (at + 1) * 100,
    bytes: 10,
  })),
  ...change,
})
const stateOf = (recordings: readonly HeldRecording[], change = {}): RetentionState => ({
  recordings,
  trash: [],
  freeBytes: 1000,
  ...change,
})
const decide = (state: RetentionState, limits: Partial<RetentionLimits>) =>
  decideRetention(state, { ...noLimits, ...limits }, NOW_MS)

describe('what is let go', () => {
  it('nothing, where there is no limit', () => {
    const trash = [{ id: 'deleted', deletedMs: 5, bytes: 10 }]
    expect(decide(stateOf([held('a', 0, 5)], { trash }), {})).toEqual([])
  })

  it('what has been in the trash for long enough', () => {
    const trash = [
      { id: 'new', deletedMs: NOW_MS - 99, bytes: 10 },
      { id: 'old', deletedMs: NOW_MS - 100, bytes: 10 },
    ]
    expect(decide(stateOf([], { trash }), { trashMs: 100 }).map(({ id }) => id)).toEqual(['old'])
  })

  it('what is too old, and not what only began then', () => {
    const state = stateOf([held('a', NOW_MS - 500, 5), held('b', NOW_MS - 900, 2)])
    expect(decide(state, { maxAgeMs: 250 })).toEqual([
      {
        kind: 'footage',
        id: 'a',
        untilMs: NOW_MS - 300,
        whole: false,
        bytes: 20,
        reason: 'age',
      },
      { kind: 'footage', id: 'b', untilMs: NOW_MS - 700, whole: true, bytes: 20, reason: 'age' },
    ])
  })

  it('what makes one recording too large', () => {
    const state = stateOf([held('a', 0, 5), held('b', 0, 2)])
    const [gone, ...others] = decide(state, { maxRecordingBytes: 30 })
    expect(gone).toMatchObject({ id: 'a', untilMs: 200, bytes: 20, reason: 'recording-size' })
    expect(others).toEqual([])
  })

  it('for the size of the library: trash first, the oldest before others, then the oldest footage of all', () => {
    const trash = [
      { id: 'newer', deletedMs: 9, bytes: 10 },
      { id: 'older', deletedMs: 5, bytes: 10 },
    ]
    const state = stateOf([held('late', 300, 2), held('early', 0, 2)], { trash })
    const ids = (limit: number) => decide(state, { maxLibraryBytes: limit }).map(({ id }) => id)
    expect(ids(60)).toEqual([])
    expect(ids(50)).toEqual(['older'])
    expect(ids(40)).toEqual(['older', 'newer'])
    expect(ids(30)).toEqual(['older', 'newer', 'early'])
    expect(ids(15)).toEqual(['older', 'newer', 'early', 'late'])
  })

  it('where space is short: trash by itself, footage only where that is allowed', () => {
    const trash = [{ id: 'deleted', deletedMs: 5, bytes: 10 }]
    const state = stateOf([held('a', 0, 5)], { trash, freeBytes: 75 })
    expect(decide(state, { headroomBytes: 100 }).map(({ id }) => id)).toEqual(['deleted'])
    expect(decide(state, { headroomBytes: 100, deletesForSpace: true })).toMatchObject([
      { id: 'deleted', reason: 'trash' },
      { id: 'a', bytes: 20, reason: 'space' },
    ])
    const unknown = { ...state, freeBytes: undefined }
    expect(decide(unknown, { headroomBytes: 100, deletesForSpace: true })).toEqual([])
  })

  it('F39 never what is pinned, in use, or behind it, also where that is not enough', () => {
    const state = stateOf([
      held('pinned', 0, 5, { pinned: true }),
      held('used', 0, 5, { keepFromMs: 250 }),
    ])
    const limits = { maxAgeMs: 1, maxRecordingBytes: 1, maxLibraryBytes: 1, headroomBytes: 1e9 }
    expect(decide(state, { ...limits, deletesForSpace: true })).toMatchObject([
      { id: 'used', untilMs: 200, whole: false, bytes: 20 },
    ])
  })
})

describe('what is let go, of any library', () => {
  const random = createRandom(4)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const anyRecording = (at: number): HeldRecording => {
    const stretches: Stretch[] = []
    let endMs = upTo(3000)
    for (let count = upTo(6); count > 0; count -= 1) {
      const startMs = endMs + upTo(50)
      endMs = startMs + 1 + upTo(300)
      stretches.push({ startMs, endMs, bytes: upTo(40) })
    }
    const keepFromMs = upTo(4000)
    const isKept = random() < 0.3
    return {
      id: `r${at}`,
      pinned: random() < 0.2,
      stretches,
      ...(isKept ? { keepFromMs } : {}),
    }
  }
  const anyState = (): RetentionState => ({
    recordings: Array.from({ length: upTo(6) }, (_, at) => anyRecording(at)),
    trash: Array.from({ length: upTo(3) }, (_, at) => ({
      id: `t${at}`,
      deletedMs: upTo(4000),
      bytes: upTo(40),
    })),
    freeBytes: upTo(300),
  })
  const anyLimits = (): RetentionLimits => ({
    maxAgeMs: random() < 0.5 ? 0 : upTo(4000),
    maxRecordingBytes: random() < 0.5 ? 0 : upTo(100),
    maxLibraryBytes: random() < 0.5 ? 0 : upTo(400),
    headroomBytes: random() < 0.5 ? 0 : upTo(400),
    deletesForSpace: random() < 0.7,
    trashMs: upTo(4000),
  })
  /** The stretches that went, and those that stayed though they might have gone. */
  const partsOf = ({ recordings }: RetentionState, gone: readonly LetGo[]) => {
    const went: Stretch[] = []
    const stayed: Stretch[] = []
    for (const { id, pinned, keepFromMs = Number.POSITIVE_INFINITY, stretches } of recordings) {
      const item = gone.find((one) => one.kind === 'footage' && one.id === id)
      const own = stretches.filter(({ endMs }) => endMs <= (item?.untilMs ?? -1))
      if (item !== undefined) {
        expect(pinned).toBe(false)
        expect(item.untilMs).toBeLessThanOrEqual(keepFromMs)
        expect(item.bytes).toBe(own.reduce((sum, { bytes }) => sum + bytes, 0))
        expect(item.whole).toBe(own.length === stretches.length)
        expect(own.length).toBeGreaterThan(0)
      }
      went.push(...own)
      const free = stretches.filter(({ endMs }) => endMs <= keepFromMs)
      if (!pinned) stayed.push(...free.slice(own.length))
    }
    return { went, stayed }
  }

  it('is never pinned or kept, always the beginning, each once', () => {
    for (let turn = 0; turn < 3000; turn += 1) {
      const state = anyState()
      const gone = decideRetention(state, anyLimits(), 4000)
      partsOf(state, gone)
      const names = gone.map(({ kind, id }) => `${kind} ${id}`)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('for want of space is the oldest, behind all trash, and no more than is needed', () => {
    for (let turn = 0; turn < 3000; turn += 1) {
      const state = anyState()
      const headroomBytes = 1 + upTo(400)
      const limits = { ...noLimits, headroomBytes, deletesForSpace: true }
      const gone = decideRetention(state, limits, 4000)
      const { went, stayed } = partsOf(state, gone)
      const youngestMs = Math.max(...went.map(({ startMs }) => startMs))
      for (const { startMs } of stayed) expect(startMs).toBeGreaterThanOrEqual(youngestMs)
      const trash = gone.filter(({ kind }) => kind === 'trash')
      if (went.length > 0) expect(trash).toHaveLength(state.trash.length)
      const freed = gone.reduce((sum, { bytes }) => sum + bytes, 0)
      const have = (state.freeBytes ?? 0) + freed
      if (have < headroomBytes) {
        expect(stayed).toEqual([])
      } else if (gone.length > 0) {
        const last = went.filter(({ startMs }) => startMs === youngestMs)
        const lastBytes = went.length > 0 ? last : trash.slice(-1)
        const least = Math.max(...lastBytes.map(({ bytes }) => bytes))
        const sameStart = lastBytes.reduce((sum, { bytes }) => sum + bytes, 0)
        expect(have - Math.max(least, sameStart)).toBeLessThan(headroomBytes)
      }
    }
  })
})

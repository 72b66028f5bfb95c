import type { Clock } from '../../src-main/ports/clock'
import type { LockProcess } from '../../src-main/store/library-lock'
import type { NewGap, NewSegment, Row, TrackInfo } from '../../src-main/store/model'

export const sampleTrack: TrackInfo = {
  id: 'v0',
  kind: 'video',
  codecs: 'avc1.64001f,mp4a.40.2',
  bandwidth: 4_000_000,
}

export const sampleMeta = {
  title: 'A title',
  sourceUrl: 'https://example.com/live.m3u8',
  state: 'recording',
  live: true,
} as const

/** 2026-03-01T00:00:00Z minus a little, so that a few segments cross a day. */
export const sampleStartMs = Date.UTC(2026, 2, 1) - 10_000

export const sampleSegment = (number: number, patch: Partial<NewSegment> = {}): NewSegment => ({
  epoch: 0,
  startMs: sampleStartMs + number * 4000,
  mediaSequence: 100 + number,
  discontinuitySequence: 0,
  durationSec: 4,
  extension: 'ts',
  initIndex: -1,
  ...patch,
})

export const sampleGap = (number: number, patch: Partial<NewGap> = {}): NewGap => ({
  epoch: 0,
  startMs: sampleStartMs + number * 4000,
  mediaSequence: 100 + number,
  discontinuitySequence: 0,
  durationSec: 4,
  cause: 'network',
  count: 1,
  ...patch,
})

export const segmentRow = (
  index: number,
  patch: Partial<Extract<Row, { kind: 'segment' }>> = {},
): Row => ({
  kind: 'segment',
  index,
  ...sampleSegment(index),
  bytes: 1000 + index,
  checksum: 0xdead_0000 + index,
  ...patch,
})

/** Numbers in [0, 1) that are the same in every run. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

/** A clock that stands still; who sleeps on it wakes only by `advance` or by the signal. */
export function createStillClock(nowMs = sampleStartMs): Clock & { advance(ms: number): void } {
  let now = nowMs
  const sleepers = new Set<() => void>()
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    advance(ms) {
      now += ms
      for (const wake of Array.from(sleepers)) wake()
    },
    after() {
      throw new Error('nothing in the store waits like this')
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const dueMs = now + ms
        const wake = (): void => {
          if (now < dueMs) return
          end()
          resolve()
        }
        const onAbort = (): void => {
          end()
          reject(signal?.reason as Error)
        }
        const end = (): void => {
          sleepers.delete(wake)
          signal?.removeEventListener('abort', onAbort)
        }
        sleepers.add(wake)
        signal?.addEventListener('abort', onAbort)
      }),
  }
}

/** A process that tests make up; `alive` holds the numbers of those that live. */
export const sampleProcess = (
  pid: number,
  alive: ReadonlySet<number> = new Set([pid]),
): LockProcess => ({
  pid,
  host: 'here',
  startedMs: 1000 + pid,
  isAlive: (other) => alive.has(other),
})

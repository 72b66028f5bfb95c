import { describe, expect, it } from 'vitest'
import {
  reduceSession,
  type SessionEvent,
  type SessionPhase,
} from '../../../src-main/recorder/recording-state'

const cause = { code: 'connection_failed', message: 'No answer.' } as const
const at = (type: SessionEvent['type'], atMs: number): SessionEvent =>
  type === 'trouble' || type === 'stalled' || type === 'failed'
    ? { type, atMs, cause }
    : type === 'waiting'
      ? { type, atMs, cause, nextTryMs: atMs + 1 }
      : type === 'quiet'
        ? { type, atMs, quietSinceMs: atMs - 1 }
        : { type, atMs }

/** The states a session goes through. */
const walk = (...types: SessionEvent['type'][]) => {
  let phase: SessionPhase = { state: 'idle' }
  return types.map((type, index) => {
    phase = reduceSession(phase, at(type, index))
    return phase.state
  })
}

describe('reduceSession', () => {
  it('tells of quiet only while all is well, and what it was before goes on after it', () => {
    const well: SessionPhase = { state: 'recording', reason: { sinceMs: 5 } }
    const quiet = reduceSession(well, {
      type: 'quiet',
      atMs: 20_000,
      quietSinceMs: 9000,
      nextTryMs: 21_000,
    })
    expect(quiet).toEqual({
      state: 'recording',
      reason: { sinceMs: 5, quietSinceMs: 9000, nextTryMs: 21_000 },
    })
    const again = { type: 'quiet', atMs: 20_500, quietSinceMs: 9001, nextTryMs: 21_000 } as const
    expect(reduceSession(quiet, again)).toBe(quiet)
    expect(reduceSession(quiet, at('progressed', 30_000))).toEqual(well)
    const troubled = reduceSession(quiet, at('trouble', 25_000))
    expect(troubled.reason).toMatchObject({ sinceMs: 25_000, cause })
    expect(reduceSession(troubled, again)).toBe(troubled)
  })

  it('goes the way of DESIGN 3.3', () => {
    expect(walk('started', 'opened', 'stalled', 'progressed', 'stop-requested', 'ended')).toEqual([
      'resolving',
      'recording',
      'stalled',
      'recording',
      'stopping',
      'stopped',
    ])
  })

  it('F23 waits for another start of the source, and goes on or is stopped', () => {
    expect(walk('started', 'opened', 'waiting', 'waiting', 'opened')).toEqual([
      'resolving',
      'recording',
      'resolving',
      'resolving',
      'recording',
    ])
    expect(walk('started', 'opened', 'waiting', 'stop-requested', 'waiting').at(-1)).toBe(
      'stopping',
    )
  })

  it('ends by itself when the source does', () => {
    expect(walk('started', 'opened', 'ended')).toEqual(['resolving', 'recording', 'stopped'])
  })

  it.each([[['started']], [['started', 'opened']], [['started', 'opened', 'stalled']]] as const)(
    'can fail from %s, and stays failed',
    (before) => {
      expect(walk(...before, 'failed', 'progressed', 'stop-requested').slice(-3)).toEqual([
        'failed',
        'failed',
        'failed',
      ])
    },
  )

  it('shows trouble at once, in every state that it can disturb, until every track goes on', () => {
    const resolving: SessionPhase = { state: 'resolving', reason: { sinceMs: 5 } }
    const recording: SessionPhase = { state: 'recording', reason: { sinceMs: 5 } }
    const trouble: SessionEvent = { type: 'trouble', atMs: 9, cause, nextTryMs: 20 }
    expect(reduceSession(resolving, trouble)).toEqual({
      state: 'resolving',
      reason: { sinceMs: 5, cause, nextTryMs: 20 },
    })
    const troubled = reduceSession(recording, trouble)
    expect(troubled).toEqual({ state: 'recording', reason: { sinceMs: 9, cause, nextTryMs: 20 } })
    expect(reduceSession(troubled, { ...trouble, atMs: 12 }).reason?.sinceMs).toBe(9)
    const progressed: SessionEvent = { type: 'progressed', atMs: 15 }
    expect(reduceSession(troubled, progressed)).toEqual({
      state: 'recording',
      reason: { sinceMs: 15 },
    })
    expect(reduceSession(recording, progressed)).toBe(recording)
  })

  it('keeps the moment since when it stalls, and renews the next try', () => {
    const first = reduceSession({ state: 'recording' }, { type: 'stalled', atMs: 7, cause })
    const second = reduceSession(first, { type: 'stalled', atMs: 9, cause, nextTryMs: 30 })
    expect(second).toEqual({ state: 'stalled', reason: { sinceMs: 7, cause, nextTryMs: 30 } })
  })

  it('is not called back from stopping', () => {
    expect(walk('started', 'stop-requested', 'opened', 'stalled', 'progressed').at(-1)).toBe(
      'stopping',
    )
  })
})

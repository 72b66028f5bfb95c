import { describe, expect, it } from 'vitest'
import { type ErrorCode, VsrError } from '../../../src-preload/contract/errors'
import { decideOnFailure, type Failure } from '../../../src-main/fetch/failure-action'
import { HttpError } from '../../../src-main/fetch/http'

const decide = (failure: Partial<Failure> & Pick<Failure, 'kind' | 'error'>) =>
  decideOnFailure({ attempt: 1, elapsedMs: 0, random: 0, ...failure })

const failed = (code: ErrorCode, status = 0, retryAfterSec?: number): HttpError =>
  new HttpError(code, 'x', { status, ...(retryAfterSec === undefined ? {} : { retryAfterSec }) })

describe('a failed playlist', () => {
  it('F10 is retried without end, ever more slowly up to a cap', () => {
    const delays = [1, 2, 3, 50, 1_000_000].map((attempt) => {
      const action = decide({
        kind: 'playlist',
        error: failed('connection_failed'),
        attempt,
        elapsedMs: 6 * 3_600_000,
      })
      return action.action === 'retry' ? action.delayMs : undefined
    })
    expect(delays).toEqual([500, 1000, 2000, 10_000, 10_000])
  })

  it.each([
    ['F09', 'source_not_found', 404],
    ['F09', 'source_http_error', 500],
    ['F16', 'not_a_playlist', 200],
    ['F54', 'playlist_unreadable', 0],
  ] as const)('%s goes on after %s', (_row, code, status) => {
    const error = failed(code, status)
    expect(decide({ kind: 'playlist', error, attempt: 100 }).action).toBe('retry')
  })

  it.each([
    ['source_forbidden', 403],
    ['source_forbidden', 401],
    ['source_gone', 410],
  ] as const)('F18 has to be resolved again after %s %i', (code, status) => {
    const error = failed(code, status)
    expect(decide({ kind: 'playlist', error }).action).toBe('resolve-again')
    expect(decide({ kind: 'segment', error }).action).toBe('retry')
  })
})

describe('a failed segment', () => {
  it('F08 is retried while it is worth it', () => {
    const error = failed('source_not_found', 404)
    const at = (elapsedMs: number) =>
      decide({ kind: 'segment', error, attempt: 20, elapsedMs, giveUpAfterMs: 60_000 }).action
    expect(at(10_000)).toBe('retry')
    expect(at(54_000)).toBe('retry')
    expect(at(56_000)).toBe('give-up')
  })

  it('is retried as often as the policy says where no window is known', () => {
    const error = failed('connection_failed')
    expect(decide({ kind: 'segment', error, attempt: 6 }).action).toBe('retry')
    expect(decide({ kind: 'segment', error, attempt: 7 }).action).toBe('give-up')
  })

  it.each(['not_media', 'truncated'] as const)(
    'F12 F15 %s is retried a few times at least, and then while it is worth it',
    (code) => {
      const at = (giveUpAfterMs: number) => (attempt: number) =>
        decide({ kind: 'segment', error: failed(code), attempt, giveUpAfterMs }).action
      expect([1, 2, 3, 4].map(at(0))).toEqual(['retry', 'retry', 'retry', 'give-up'])
      expect([1, 2, 3, 4].map(at(60_000))).toEqual(['retry', 'retry', 'retry', 'retry'])
    },
  )
})

describe('any failure', () => {
  it('F25 waits as long as the server asks, and not shorter than its own backoff', () => {
    const at = (retryAfterSec: number, attempt: number) =>
      decide({ kind: 'segment', error: failed('source_http_error', 429, retryAfterSec), attempt })
    expect(at(30, 1)).toEqual({ action: 'retry', delayMs: 30_000 })
    expect(at(1, 5)).toEqual({ action: 'retry', delayMs: 5000 })
  })

  it('has a jitter that only shortens the wait', () => {
    const error = failed('connection_failed')
    const at = (random: number) => decide({ kind: 'playlist', error, attempt: 2, random })
    expect(at(0)).toEqual({ action: 'retry', delayMs: 1000 })
    expect(at(1)).toEqual({ action: 'retry', delayMs: 700 })
  })

  it.each([
    'address_refused',
    'redirect_refused',
    'drm_protected',
    'unsupported_encryption',
    'too_large',
    'cancelled',
    'disk_full',
  ] as const)('%s is given up at once', (code) => {
    expect(decide({ kind: 'playlist', error: new VsrError(code, 'x') }).action).toBe('give-up')
  })

  it('F10 a segment whose name leads to a forbidden address is tried as long as it is worth it', () => {
    const error = failed('address_refused')
    const at = (giveUpAfterMs: number) => decide({ kind: 'segment', error, giveUpAfterMs }).action
    expect(at(60_000)).toBe('retry')
    expect(at(0)).toBe('give-up')
  })

  it('that is a bug is given up at once', () => {
    expect(decide({ kind: 'playlist', error: new TypeError('x') }).action).toBe('give-up')
  })
})

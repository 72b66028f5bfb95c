import { describe, expect, it } from 'vitest'
import {
  type Candidates,
  noteFailure,
  noteSuccess,
  rankCandidates,
  startCandidates,
  type Subject,
} from '../../../../src-main/recorder/source/candidates'

const fail = (
  candidates: Candidates,
  options: { id?: string; subject?: Subject; attempts?: number; atMs?: number } = {},
) => {
  const { id = candidates.inUse, subject = 'playlist', attempts = 1, atMs = 0 } = options
  return noteFailure(candidates, { id, subject, attempts, atMs })
}
const failTwice = (candidates: Candidates, atMs = 0) =>
  fail(fail(candidates, { atMs }).candidates, { atMs })

describe('candidates', () => {
  it('stays after one failure, and goes on with the other at once after two in a row', () => {
    const once = fail(startCandidates(['a', 'b']))
    expect(once).toMatchObject({ candidates: { inUse: 'a' }, retryAtOnce: false })
    const twice = fail(once.candidates)
    expect(twice).toMatchObject({ candidates: { inUse: 'b' }, retryAtOnce: true })
  })

  it('counts failures in a row only', () => {
    const once = fail(startCandidates(['a', 'b'])).candidates
    const healed = noteSuccess(once, 'a', 'playlist')
    expect(fail(healed).candidates.inUse).toBe('a')
  })

  it('does not let a listing that comes hide segments that do not', () => {
    const once = fail(startCandidates(['a', 'b']), { subject: 'segment' }).candidates
    const listed = noteSuccess(once, 'a', 'playlist')
    expect(fail(listed, { subject: 'segment' }).candidates.inUse).toBe('b')
  })

  it('leaves a place that fails twice at one thing while others come', () => {
    const once = fail(startCandidates(['a', 'b']), { subject: 'segment' }).candidates
    const others = noteSuccess(once, 'a', 'segment')
    expect(fail(others, { subject: 'segment', attempts: 2 })).toMatchObject({
      candidates: { inUse: 'b' },
      retryAtOnce: true,
    })
  })

  it('ignores late words about a place that was left', () => {
    const left = failTwice(startCandidates(['a', 'b'])).candidates
    expect(fail(left, { id: 'a' })).toEqual({ candidates: left, retryAtOnce: false })
    expect(noteSuccess(left, 'a', 'playlist')).toBe(left)
  })

  it('does not go back to a penalised one while there is another, and does so later', () => {
    const onB = failTwice(startCandidates(['a', 'b', 'c']), 0).candidates
    const onC = failTwice(onB, 1000).candidates
    expect(onC.inUse).toBe('c')
    expect(failTwice(onC, 61_500)).toMatchObject({
      candidates: { inUse: 'a' },
      retryAtOnce: true,
    })
  })

  it('takes turns with the ordinary waits where all have failed', () => {
    const onB = failTwice(startCandidates(['a', 'b']), 0).candidates
    const back = failTwice(onB, 1000)
    expect(back).toMatchObject({ candidates: { inUse: 'a' }, retryAtOnce: false })
    expect(failTwice(back.candidates, 2000)).toMatchObject({
      candidates: { inUse: 'b' },
      retryAtOnce: false,
    })
  })

  it('has nowhere to go from the only one', () => {
    const { candidates, retryAtOnce } = failTwice(startCandidates(['a']))
    expect(candidates.inUse).toBe('a')
    expect(retryAtOnce).toBe(false)
  })

  it('follows a new ranking, but not to one that is penalised', () => {
    const start = startCandidates(['a', 'b'])
    expect(rankCandidates(start, ['b', 'a'], 0).inUse).toBe('b')
    const onB = failTwice(start, 0).candidates
    expect(rankCandidates(onB, ['a', 'b'], 59_000).inUse).toBe('b')
    expect(rankCandidates(onB, ['a', 'b'], 60_000).inUse).toBe('a')
    expect(rankCandidates(onB, ['c'], 0).inUse).toBe('c')
  })
})

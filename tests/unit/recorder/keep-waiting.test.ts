import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import { gaps, numbers, setUpRecorder, source } from '../../support/fake-recorder'

const MINUTE_MS = 60_000

/** A recording of a source that has ended, and that may start again. */
async function endedSource() {
  const setup = setUpRecorder()
  const { slideTo, record, clock, http } = setup
  slideTo(0, { count: 5, endList: true })
  const recording = await record({ source, keepWaiting: true })
  const loads = () => http.requests.filter(({ kind }) => kind === 'playlist').length
  await clock.settle()
  return { ...setup, recording, loads }
}

describe('a recording that keeps waiting', () => {
  it('F23 says that the source has ended and when it looks again, and asks politely', async () => {
    const { recorder, recording, clock, library, loads } = await endedSource()
    expect(recorder.status(recording.id)).toMatchObject({
      state: 'resolving',
      live: false,
      reason: { cause: { code: 'not_live', message: 'The stream has ended.' } },
    })
    expect(recorder.status(recording.id)?.reason?.nextTryMs).toBeGreaterThan(clock.nowMs())
    const before = loads()
    await clock.advance(10 * MINUTE_MS)
    expect(loads() - before).toBeLessThan(120)
    expect(numbers(library.rows(recording.id))).toEqual([0, 1, 2, 3, 4])
  })

  it('F23 goes on in the same recording when the stream starts again after 5 minutes', async () => {
    const { recorder, recording, clock, library, slideTo, states } = await endedSource()
    await clock.advance(5 * MINUTE_MS)
    slideTo(0, { count: 2, run: 'b' })
    await clock.advance(30_000)
    const rows = library.rows(recording.id)
    expect(numbers(rows)).toEqual([0, 1, 2, 3, 4, 0, 1])
    expect(rows.flatMap((row) => (row.kind === 'discontinuity' ? [row.epoch] : []))).toEqual([0, 1])
    expect(gaps(rows)).toEqual([])
    expect(recorder.status(recording.id)?.live).toBe(true)
    expect(states.filter((state) => !state.endsWith('stalled'))).toEqual(
      ['resolving', 'recording', 'resolving', 'recording'].map((s) => `${recording.id}:${s}`),
    )
  })

  it('F23 is not put off by a source that is gone meanwhile, and records its new address', async () => {
    let gone = false
    const setup = setUpRecorder((request) =>
      gone && request.kind === 'playlist' ? { status: 404 } : undefined,
    )
    const { clock, recorder, record, slideTo, library, world } = setup
    slideTo(0, { count: 3, endList: true })
    const { id } = await record({ source, keepWaiting: true })
    gone = true
    await clock.advance(MINUTE_MS)
    expect(recorder.status(id)).toMatchObject({
      state: 'resolving',
      reason: { cause: { code: 'not_live' } },
    })
    const resolvesBefore = world.resolves
    await clock.advance(5 * MINUTE_MS)
    expect(world.resolves).toBeGreaterThan(resolvesBefore)
    gone = false
    slideTo(0, { count: 2, run: 'b' })
    await clock.advance(31_000)
    expect(numbers(library.rows(id))).toEqual([0, 1, 2, 0, 1])
    expect(gaps(library.rows(id))).toEqual([])
  })

  it('ends once it is told not to wait any longer', async () => {
    const { recorder, recording, clock } = await endedSource()
    await recording.update({ keepWaiting: false })
    await clock.advance(31_000)
    expect(recorder.status(recording.id)).toBeUndefined()
    expect(recording.meta.state).toBe('stopped')
  })

  it('can be stopped while it waits', async () => {
    const { recorder, recording } = await endedSource()
    await recorder.stop(recording.id)
    expect(recording.meta.state).toBe('stopped')
  })
})

describe('a source that was waited for', () => {
  it('is recorded from the first segment that it lists', async () => {
    const { clock, library, record, slideTo } = setUpRecorder()
    slideTo(0, { count: 6 })
    let live = false
    const { id } = await record({
      resolve: async () => {
        if (live) return source
        throw new VsrError('nothing_found_on_page', 'No video on this page.')
      },
    })
    live = true
    await clock.advance(10_000)
    expect(numbers(library.rows(id))).toEqual([0, 1, 2, 3, 4, 5])
  })
})

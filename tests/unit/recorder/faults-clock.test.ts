import { describe, expect, it } from 'vitest'
import type { ResolveSource } from '../../../src-main/fetch/source'
import { VsrError } from '../../../src-preload/contract/errors'
import { gaps, numbers, setUpRecorder, source } from '../../support/fake-recorder'

const HOUR_MS = 3_600_000

describe('recorder, when clocks do what they should not', () => {
  it('F29 notes a sleep of 10 min as suspended, reloads at once and resolves the source again', async () => {
    const { clock, library, recorder, record, slideTo, world, resolve, http } = setUpRecorder()
    const { id } = await record({ source, resolve })
    slideTo(310)
    const asked = http.requests.length
    await clock.suspend(10 * 60_000)
    expect(http.requests.length).toBeGreaterThan(asked)
    expect(world.resolves).toBe(1)
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 13, count: 297, cause: 'suspended' },
    ])
    expect(numbers(library.rows(id)).slice(-3)).toEqual([310, 311, 312])
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it.each([
    ['dated', { zeroMs: Date.UTC(2026, 0, 1) }],
    ['undated', {}],
  ])(
    'F29 notes a sleep in which the monotonic clock stands still as suspended, also where the reload comes before the look: %s',
    async (_how, zero) => {
      const { clock, library, recorder, record, slideTo } = setUpRecorder()
      slideTo(10, zero)
      const { id } = await record()
      slideTo(13, zero)
      await clock.advance(6000)
      slideTo(313, zero)
      clock.setWall(10 * 60_000)
      await clock.advance(4000)
      const rows = library.rows(id)
      expect(gaps(rows)).toMatchObject([{ mediaSequence: 16, count: 297, cause: 'suspended' }])
      expect(numbers(rows).slice(-3)).toEqual([313, 314, 315])
      expect(rows.filter(({ kind }) => kind === 'discontinuity')).toHaveLength(1)
      expect(recorder.status(id)?.state).toBe('recording')
    },
  )

  it('F29 names the sleep as the cause also where the network comes back later than the machine', async () => {
    let isDown = false
    const { clock, library, record, slideTo } = setUpRecorder(() =>
      isDown
        ? { error: new VsrError('dns_failure', 'The address could not be found.') }
        : undefined,
    )
    const { id } = await record()
    isDown = true
    await clock.suspend(10 * 60_000)
    await clock.advance(7000)
    isDown = false
    slideTo(310)
    await clock.advance(11_000)
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 13, cause: 'suspended' }])
  })

  it('F29 goes on with the old address where the source cannot be resolved again', async () => {
    const failing: ResolveSource = async () => {
      throw new VsrError('ytdlp_failed', 'yt-dlp failed.')
    }
    const { clock, library, recorder, record, slideTo } = setUpRecorder()
    const { id } = await record({ source, resolve: failing })
    slideTo(13)
    await clock.suspend(60_000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14, 15])
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it('F29 asks at once after a wake, whatever it was told to wait', async () => {
    let isBusy = false
    const { clock, http, record } = setUpRecorder(({ kind }) =>
      isBusy && kind === 'playlist' ? { status: 500 } : undefined,
    )
    await record()
    isBusy = true
    await clock.advance(120_000)
    const asked = http.requests.length
    await clock.suspend(30_000)
    expect(http.requests.length).toBeGreaterThan(asked)
  })

  it.each([-24, -1, 1, 24])(
    'F27 reloads, stores and places segments as before when the wall clock jumps by %i h',
    async (hours) => {
      const { clock, library, recorder, record, slideTo, http } = setUpRecorder()
      const { id } = await record()
      slideTo(11)
      await clock.advance(2000)
      clock.setWall(hours * HOUR_MS)
      const asked = http.requests.length
      for (let first = 12; first <= 20; first += 1) {
        slideTo(first)
        await clock.advance(2000)
      }
      const rows = library.rows(id)
      expect(numbers(rows)).toEqual(Array.from({ length: 13 }, (_, at) => 10 + at))
      expect(gaps(rows)).toEqual([])
      // One reload and one segment each time, and no more.
      expect(http.requests.length - asked).toBeLessThanOrEqual(20)
      const starts = rows.flatMap((row) => (row.kind === 'segment' ? [row.startMs] : []))
      const steps = starts.slice(1).map((startMs, at) => startMs - (starts[at] ?? 0))
      expect(new Set(steps)).toEqual(new Set([2000]))
      expect(rows.filter((row) => row.kind === 'discontinuity')).toHaveLength(1)
      expect(recorder.status(id)?.state).toBe('recording')
      expect(recorder.status(id)?.outstandingSec).toBeUndefined()
    },
  )
})

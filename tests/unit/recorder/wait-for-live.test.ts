import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../src-main/fetch/http'
import type { ResolveSource } from '../../../src-main/fetch/source'
import { VsrError } from '../../../src-preload/contract/errors'
import { numbers, setUpRecorder, source } from '../../support/fake-recorder'

const HOUR_MS = 3_600_000

/** A source that is offline until the test says so. */
function offlineSource() {
  const setup = setUpRecorder()
  const world = { live: false, atMs: [] as number[] }
  const resolve: ResolveSource = async () => {
    world.atMs.push(setup.clock.monotonicMs())
    if (world.live) return source
    throw new HttpError('source_not_found', 'There is nothing at this address (404).', {
      status: 404,
    })
  }
  return { ...setup, offline: world, resolve }
}

describe('waiting for a source to go live', () => {
  it('says that the stream has not started, what its address answered and when it asks again', async () => {
    const { recorder, record, resolve, clock } = offlineSource()
    const { id } = await record({ resolve })
    const status = recorder.status(id)
    expect(status).toMatchObject({ state: 'resolving', reason: { cause: { code: 'not_live' } } })
    expect(status?.reason?.cause?.hint).toContain('There is nothing at this address (404).')
    expect(status?.reason?.nextTryMs).toBeGreaterThan(clock.nowMs())
  })

  it('asks politely: never more often than every 3 s, and soon every 10 to 15 s', async () => {
    const { record, resolve, clock, offline } = offlineSource()
    await record({ resolve })
    await clock.advance(HOUR_MS)
    const pausesMs = offline.atMs.slice(1).map((atMs, at) => atMs - (offline.atMs[at] ?? 0))
    expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(3000)
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(15_000)
    expect(offline.atMs.length).toBeLessThan(360)
  })

  it('records by itself as soon as the source is there', async () => {
    const { recorder, record, resolve, clock, offline, library } = offlineSource()
    const { id } = await record({ resolve })
    await clock.advance(HOUR_MS)
    offline.live = true
    await clock.advance(15_000)
    expect(recorder.status(id)?.live).toBe(true)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12])
  })

  it('waits on through a page that has no video yet', async () => {
    const { record, clock, library } = setUpRecorder()
    let attempts = 0
    const { id } = await record({
      resolve: async () => {
        attempts += 1
        if (attempts < 5) throw new VsrError('nothing_found_on_page', 'No video on this page.')
        return source
      },
    })
    await clock.advance(2 * 60_000)
    expect(attempts).toBe(5)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12])
  })

  it('fails for what no wait can cure', async () => {
    const { library, record } = setUpRecorder()
    const { id } = await record({
      resolve: async () => {
        throw new VsrError('drm_protected', 'Protected.')
      },
    })
    expect(library.get(id)?.meta).toMatchObject({
      state: 'failed',
      failure: { code: 'drm_protected' },
    })
  })

  it('can be stopped while it waits', async () => {
    const { recorder, record, resolve, library } = offlineSource()
    const { id } = await record({ resolve })
    await recorder.stop(id)
    expect(library.get(id)?.meta.state).toBe('stopped')
    expect(recorder.status(id)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import type { FakeAnswer } from '../../support/fake-http'
import { gaps, numbers, segmentBody, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

/** A recorder whose source lists the last `count` segments and makes one each time that `live` lets one pass. */
function setUpWindow(
  window: { count: number; durationSec: number },
  answer: (request: HttpRequest) => FakeAnswer | undefined,
) {
  let first = 10
  const setup = setUpRecorder((request) =>
    request.kind === 'playlist'
      ? { body: JSON.stringify(mediaPlaylist({ first, ...window })) }
      : answer(request),
  )
  const live = async (segments: number) => {
    for (let made = 0; made < segments; made += 1) {
      first += 1
      await setup.clock.advance(window.durationSec * 1000)
    }
  }
  return { ...setup, live }
}

describe('recorder, when segments do not come', () => {
  it.each([
    [10, 2],
    [30, 2],
    [20, 0.5],
  ])(
    'F11 loses only the segment that trickles, out of a window of %i segments of %d s',
    async (count, durationSec) => {
      const trickling = 20 + count
      const setUp = setUpWindow({ count, durationSec }, ({ url, signal }) =>
        url.endsWith(`-${trickling}.ts`) ? { later: trickle(signal) } : undefined,
      )
      const trickle = async (signal: AbortSignal): Promise<FakeAnswer> => {
        await setUp.clock.sleep(300_000, signal)
        throw new HttpError('source_timeout', 'The segment took too long.')
      }
      const { id } = await setUp.record()
      await setUp.live(400)
      const rows = setUp.library.rows(id)
      expect(gaps(rows)).toMatchObject([{ mediaSequence: trickling, count: 1, cause: 'timeout' }])
      expect(numbers(rows).at(-1)).toBeGreaterThan(400)
      expect(setUp.recorder.status(id)?.state).toBe('recording')
    },
  )

  it('F11 lets a slow segment come as long as it holds up nobody', async () => {
    const setUp = setUpWindow({ count: 10, durationSec: 6 }, ({ url, signal }) =>
      url.endsWith('-25.ts') ? { later: trickle(signal) } : undefined,
    )
    const trickle = async (signal: AbortSignal): Promise<FakeAnswer> => {
      await setUp.clock.sleep(150_000, signal)
      return { body: segmentBody }
    }
    const { id } = await setUp.record()
    await setUp.live(60)
    expect(gaps(setUp.library.rows(id))).toEqual([])
  })

  it.each([5, 30])(
    'F10 names what kept the segments away, for those never listed too: a window of %i',
    async (count) => {
      let isDown = false
      const { library, record, live } = setUpWindow({ count, durationSec: 2 }, () =>
        isDown ? { error: new HttpError('connection_failed', 'No connection.') } : undefined,
      )
      const { id } = await record()
      isDown = true
      await live(300)
      isDown = false
      await live(30)
      const missing = gaps(library.rows(id))
      expect(missing.length).toBeGreaterThan(0)
      expect(new Set(missing.map(({ cause }) => cause))).toEqual(new Set(['network']))
    },
  )

  it('F10 reloads the playlist whatever waits, so that all that is offered is stored or a gap', async () => {
    let isDown = false
    const { library, http, record, live } = setUpWindow({ count: 10, durationSec: 2 }, () =>
      isDown ? { error: new HttpError('connection_failed', 'No connection.') } : undefined,
    )
    const { id } = await record()
    isDown = true
    await live(150)
    const playlists = () => http.requests.filter(({ kind }) => kind === 'playlist').length
    const before = playlists()
    await live(50)
    expect(playlists() - before).toBeGreaterThanOrEqual(50)
    isDown = false
    await live(60)
    const accounted = library
      .rows(id)
      .flatMap((row) =>
        row.kind === 'segment'
          ? [row.mediaSequence]
          : row.kind === 'gap'
            ? Array.from({ length: row.count }, (_, at) => row.mediaSequence + at)
            : [],
      )
    expect(accounted).toEqual(accounted.map((_, at) => 17 + at))
    expect(accounted.at(-1)).toBeGreaterThan(270)
    // What was listed during the outage is asked for, though its time is over.
    expect(numbers(library.rows(id)).length).toBeGreaterThan(120)
  })
})

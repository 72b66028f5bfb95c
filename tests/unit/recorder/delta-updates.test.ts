import { describe, expect, it } from 'vitest'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import type { Row } from '../../../src-main/store/model'
import { playlistUrl, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'
import { createRandom } from '../../support/random'

const CAN_SKIP_UNTIL_SEC = 12

/** The delta update of a listing: what is older than the skip boundary is left out. */
function deltaOf(playlist: MediaPlaylist): MediaPlaylist {
  let leftSec = CAN_SKIP_UNTIL_SEC
  const kept = playlist.segments.toReversed().filter((segment) => {
    const isRecent = leftSec > 0
    leftSec -= segment.durationSec
    return isRecent
  })
  const skippedSegments = playlist.segments.length - kept.length
  if (skippedSegments === 0) return playlist
  return { ...playlist, segments: kept.toReversed(), skippedSegments, inheritedUntil: {} }
}

/** Windows as a source shows them one after the other: sliding, jumping, standing still, numbered anew. */
function randomWindows(seed: number): MediaPlaylist[] {
  const random = createRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  let first = 100 + below(1000)
  let count = 8 + below(10)
  let run = 'a'
  return Array.from({ length: 40 }, () => {
    const dice = random()
    if (dice < 0.05) {
      first = below(50)
      run += 'b'
    } else if (dice < 0.1) first += count + below(5)
    else if (dice < 0.85) first += below(3)
    if (random() < 0.2) count = 8 + below(10)
    return {
      ...mediaPlaylist({ first, count, run }),
      serverControl: {
        canBlockReload: false,
        canSkipUntilSec: CAN_SKIP_UNTIL_SEC,
        canSkipDateRanges: false,
      },
    }
  })
}

/** Records the windows, each shown for a target duration. @returns the rows, and how many deltas were sent. */
async function recordWindows(windows: readonly MediaPlaylist[], sendsDeltas: boolean) {
  let current = windows[0]
  let deltas = 0
  const { clock, library, record, recorder } = setUpRecorder((request) => {
    if (request.kind !== 'playlist' || current === undefined) return undefined
    const wantsDelta = sendsDeltas && request.url.endsWith('_HLS_skip=YES')
    const answer = wantsDelta ? deltaOf(current) : current
    if (answer.skippedSegments !== undefined) deltas += 1
    return { body: JSON.stringify(answer) }
  })
  const { id } = await record()
  for (const window of windows) {
    current = window
    await clock.advance(2000)
  }
  await recorder.stop(id)
  const rows: readonly Row[] = library.rows(id)
  return { rows, deltas }
}

describe('delta updates', () => {
  it.each(Array.from({ length: 20 }, (_, at) => at + 1))(
    'give the same rows as whole listings (seed %i)',
    async (seed) => {
      const windows = randomWindows(seed)
      const whole = await recordWindows(windows, false)
      const merged = await recordWindows(windows, true)
      expect(merged.rows).toEqual(whole.rows)
      expect(whole.deltas).toBe(0)
      expect(merged.deltas).toBeGreaterThan(5)
      expect(whole.rows.filter(({ kind }) => kind === 'segment').length).toBeGreaterThan(20)
    },
  )

  it('load the whole listing once where a delta does not fit, and ask for the next delta', async () => {
    const [window] = randomWindows(1)
    if (window === undefined) throw new Error('no window')
    let current: MediaPlaylist = { ...window, ...mediaPlaylist({ first: 5, count: 20 }) }
    const { clock, record, http } = setUpRecorder(({ kind, url }) => {
      if (kind !== 'playlist') return undefined
      return { body: JSON.stringify(url.includes('_HLS_') ? deltaOf(current) : current) }
    })
    await record()
    await clock.advance(2000)
    current = { ...current, ...mediaPlaylist({ first: 500, count: 20 }) }
    const before = http.requests.length
    await clock.advance(4000)
    const urls = http.requests
      .slice(before)
      .filter(({ kind }) => kind === 'playlist')
      .map(({ url }) => url)
    const delta = `${playlistUrl}?_HLS_skip=YES`
    expect(urls.slice(0, 3)).toEqual([delta, playlistUrl, delta])
  })

  it('do not end a recording whose source leaves out segments unasked', async () => {
    const window = mediaPlaylist({ first: 5, count: 20 })
    let isHostile = true
    const { clock, record, library } = setUpRecorder(({ kind }) => {
      if (kind !== 'playlist') return undefined
      return { body: JSON.stringify(isHostile ? deltaOf(window) : window) }
    })
    const { id } = await record()
    await clock.advance(10_000)
    expect(library.rows(id)).toEqual([])
    isHostile = false
    await clock.advance(30_000)
    expect(library.rows(id).filter(({ kind }) => kind === 'segment')).toHaveLength(3)
  })
})

import { describe, expect, it } from 'vitest'
import { diffPlaylist } from '../../../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'
import { createRandom } from '../../../support/random'

const zeroMs = Date.UTC(2026, 0, 1)

/** A source that slides, jumps and starts over, and edges of it that lag. Everything it made is known. */
function createSource(random: () => number, withClock: boolean) {
  const pick = (below: number) => Math.floor(random() * below)
  const windowSize = 3 + pick(6)
  let run = 0
  let firstOfRun = 100 + pick(50)
  let next = firstOfRun
  let offsetMs = -next * 2000
  const listing = (lag: number) => {
    const last = next - 1 - lag
    const first = Math.max(firstOfRun, last - windowSize + 1)
    const clock = withClock ? { zeroMs: zeroMs + offsetMs } : {}
    return mediaPlaylist({ first, count: last - first + 1, run: `run${run}`, ...clock })
  }
  return {
    windowSize,
    listing,
    /** Another edge's copy, 3 behind: only where the source has run long enough to have a full window there. */
    olderListing: () => (next - 3 - windowSize > firstOfRun ? listing(3) : undefined),
    get run() {
      return run
    },
    get last() {
      return next - 1
    },
    advance(count: number) {
      next += count
    },
    /** Numbers from near 0 again; the clock goes on. */
    startOver() {
      firstOfRun = pick(3)
      offsetMs += (next - firstOfRun) * 2000
      run += 1
      next = firstOfRun + 1 + pick(2)
    },
    step() {
      const chance = random()
      // Two restarts within a few loads look like one where there is no clock.
      if (chance < 0.08 && next - firstOfRun > 12) this.startOver()
      else if (chance < 0.2) this.advance(windowSize + pick(20))
      else if (chance < 0.8) this.advance(pick(3))
    },
  }
}

describe('diffPlaylist: any history', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'F03 F04 F05 F06 offers everything once and in order, or reports it missed (seed %i)',
    (seed) => {
      const random = createRandom(seed)
      const source = createSource(random, seed % 2 === 0)
      /** `run` and number of all that was offered or reported, in the order of the log. */
      const log: { run: number; number: number }[] = []
      let cursor: PlaylistCursor | undefined
      let newEpoch = 0
      const load = (playlist: MediaPlaylist) => {
        const diff = diffPlaylist({ cursor, playlist, newEpoch, elapsedSec: 2 })
        if (diff.kind === 'new-epoch') newEpoch += 1
        cursor = diff.cursor
        const { run } = source
        for (const { firstMediaSequence, count } of diff.missed) {
          for (let at = 0; at < count; at += 1) log.push({ run, number: firstMediaSequence + at })
        }
        for (const { mediaSequence } of diff.newSegments) log.push({ run, number: mediaSequence })
      }

      source.advance(source.windowSize + 3)
      load(source.listing(0))
      for (let step = 0; step < 80; step += 1) {
        source.step()
        load(source.listing(0))
        const older = random() < 0.3 ? source.olderListing() : undefined
        if (older !== undefined) load(older)
      }

      // In each run the numbers go up by one, without a hole and without a repetition.
      const firstOf = new Map<number, number>()
      for (const [at, { run, number }] of log.entries()) {
        const before = log[at - 1]
        if (before?.run === run) expect(number, `run ${run}`).toBe(before.number + 1)
        else firstOf.set(run, number)
      }
      expect([...firstOf.keys()]).toEqual([...firstOf.keys()].sort((a, b) => a - b))
      expect(log.at(-1)).toEqual({ run: source.run, number: source.last })
    },
  )
})

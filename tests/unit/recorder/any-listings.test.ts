import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../src-main/ports/clock'
import { createEpochStarts } from '../../../src-main/recorder/epoch-starts'
import { emptyTimeline, type PlanItem } from '../../../src-main/recorder/plan'
import { createTrackFollower } from '../../../src-main/recorder/track-follower'
import { createFakeClock } from '../../support/fake-clock'
import { findFaults, noFaults } from '../../support/history-account'
import { onlyStream } from '../../support/playlists'
import { createRandom } from '../../support/random'
import { createRandomSource, idOf } from '../../support/random-source'

/** As in `any-history.test.ts`, but only what is planned: so much cheaper that there are twenty times as many. */
const ROUNDS = Number(process.env['VSR_HISTORIES'] ?? 150) / 5
const HISTORIES_A_ROUND = 100
const FIRST_SEED = Number(process.env['VSR_HISTORIES_FROM'] ?? 0) * 20
const STEPS_SEC = 100
const END_SEC = 140

/** Follows a random source that changes every two seconds, by listings one in twenty of which does not come. */
function followHistory(seed: number) {
  const startMs = Date.UTC(2026, 0, 1)
  const source = createRandomSource({
    random: createRandom(seed),
    withClock: seed % 2 === 0,
    startMs,
  })
  const luck = createRandom(seed + 500_000)
  let atSec = 0
  const monotonicMs = () => atSec * 1000
  const clock: Clock = { ...createFakeClock(), monotonicMs, nowMs: () => startMs + atSec * 1000 }
  const follower = createTrackFollower({
    trackId: 'v0',
    position: { cursor: undefined, timeline: emptyTimeline, newEpoch: 0, awaySec: undefined },
    clock,
    epochStarts: createEpochStarts(),
    suspension: { wakes: () => 0, asleepMs: () => 0 },
  })
  const items: PlanItem[] = []
  let stepsSec = 0
  while (atSec < END_SEC) {
    for (; stepsSec <= Math.min(atSec, STEPS_SEC); stepsSec += 2) source.step()
    if (atSec >= STEPS_SEC) source.settle()
    let changed = false
    if (luck() >= 0.05 || atSec >= STEPS_SEC) {
      const listing = { playlist: source.load(), stream: onlyStream, requestedAtMs: monotonicMs() }
      const taken = follower.take({ ...listing, afterEnd: false, fromOldest: false })
      items.push(...taken.batch.items)
      ;({ changed } = taken)
    }
    atSec += changed ? 2 : 1
  }
  return { offered: source.offered, items }
}

function faultsOf(seed: number) {
  const { offered, items } = followHistory(seed)
  const gaps = items.flatMap((item) => (item.kind === 'gap' ? [item.row] : []))
  const stored = items.flatMap((item) =>
    item.kind === 'segment'
      ? [{ id: idOf(item.planned.segment.durationSec), epoch: item.planned.epoch }]
      : [],
  )
  const storedIds = new Set(stored.map(({ id }) => id))
  const lost = offered.filter(({ id, gap, late }) => !gap && !late && !storedIds.has(id))
  return { ...findFaults(offered, { stored, gaps }), lost }
}

/** What failed once of 200 000: see `isAmbiguous` of `history-account.ts`. */
const RARE_SEEDS = [12_922, 40_949, 97_440, 110_607, 115_243, 162_012, 167_497]

describe('any history of listings', () => {
  it.each(RARE_SEEDS)('F03 F04 F06 does so in rare ones, too (seed %i)', (seed) => {
    expect(faultsOf(seed)).toEqual({ ...noFaults, lost: [] })
  })

  it.each(Array.from({ length: ROUNDS }, (_, at) => FIRST_SEED + at * HISTORIES_A_ROUND))(
    'F03 F04 F05 F06 plans every segment that was offered once and in order, or a gap for it (100 seeds from %i)',
    (from) => {
      for (let seed = from; seed < from + HISTORIES_A_ROUND; seed += 1) {
        expect(faultsOf(seed), `seed ${seed}`).toEqual({ ...noFaults, lost: [] })
      }
    },
  )
})

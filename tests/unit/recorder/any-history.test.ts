import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../src-main/fetch/http'
import type { GapRow, Row } from '../../../src-main/store/model'
import type { FakeAnswer } from '../../support/fake-http'
import { setUpRecorder } from '../../support/fake-recorder'
import { createRandom } from '../../support/random'
import { createRandomSource, idOf, type OfferedSegment } from '../../support/random-source'

/** A long look for rare histories: `VSR_HISTORIES=5000`, others than those with `VSR_HISTORIES_FROM=5000`. */
const HISTORIES = Number(process.env['VSR_HISTORIES'] ?? 150)
const FIRST_SEED = Number(process.env['VSR_HISTORIES_FROM'] ?? 0)
const STEPS = 50
const FOR_EVER = 1e9
const faults: readonly FakeAnswer[] = [
  { status: 404 },
  { status: 500 },
  { body: '<html>Sign in</html>' },
]

/** Some segments fail up to three times, some for longer than the others wait for them, a few for ever: those are hopeless. */
function createSegmentFaults(random: () => number, heals: () => number, nowMs: () => number) {
  const failures = new Map<string, number>()
  const comesAtMs = new Map<string, number>()
  const answer = ({ url }: HttpRequest, earlier: number): FakeAnswer | undefined => {
    const planned =
      failures.get(url) ??
      (random() < 0.9 ? 0 : random() < 0.2 ? FOR_EVER : Math.floor(random() * 3) + 1)
    failures.set(url, planned)
    const atMs = comesAtMs.get(url) ?? (heals() < 0.9 ? 0 : nowMs() + 11_000 + heals() * 8000)
    comesAtMs.set(url, atMs)
    const fails = earlier < planned || nowMs() < atMs
    return fails ? faults[Math.floor(random() * faults.length)] : undefined
  }
  const isHopeless = (url: string) =>
    failures.get(url) === FOR_EVER || (comesAtMs.get(url) ?? 0) > 0
  return { answer, isHopeless }
}

/** Records a random history to its end. */
export async function recordHistory(seed: number) {
  const random = createRandom(seed)
  const startMs = Date.UTC(2026, 0, 1)
  const source = createRandomSource({ random, withClock: seed % 2 === 0, startMs })
  const segmentFaults = createSegmentFaults(random, createRandom(seed + 1000), () =>
    clock.monotonicMs(),
  )
  let isHealthy = false
  const { clock, library, recorder, record } = setUpRecorder((request, earlier) => {
    if (request.kind === 'segment') return segmentFaults.answer(request, earlier)
    if (earlier === 0) return { body: JSON.stringify(source.look()) }
    if (!isHealthy && random() < 0.05) return { status: 404 }
    return { body: JSON.stringify(source.load()) }
  })
  const { id } = await record()
  for (let step = 0; step < STEPS; step += 1) {
    source.step()
    await clock.advance(2000)
  }
  source.settle()
  isHealthy = true
  await clock.advance(300_000)
  await recorder.stop(id)
  const { offered } = source
  const obtainable = offered.filter(
    ({ uri, gap, late }) => !gap && !late && !segmentFaults.isHopeless(uri),
  )
  return { offered, obtainable, rows: library.rows(id), openTemps: library.openTemps }
}

const endMs = ({ startMs, durationSec }: GapRow) => startMs + durationSec * 1000

/** What the log says of each segment that was offered. */
function account(offered: readonly OfferedSegment[], rows: readonly Row[]) {
  const byId = new Map(offered.map((segment) => [segment.id, segment]))
  const stored = rows.flatMap((row) =>
    row.kind === 'segment' ? [{ id: idOf(row.durationSec), epoch: row.epoch }] : [],
  )
  /** Which of the source's runs an epoch has stored something of. */
  const runsOf = new Map<number, Set<number>>()
  for (const { id, epoch } of stored) {
    const run = byId.get(id)?.run ?? -1
    runsOf.set(epoch, (runsOf.get(epoch) ?? new Set()).add(run))
  }
  const storedRuns = new Set(stored.map(({ id }) => byId.get(id)?.run))
  const gapRows = rows.flatMap((row) => (row.kind === 'gap' ? [row] : []))
  const isGapOf = ({ run, mediaSequence, gap, startMs }: OfferedSegment, row: GapRow) => {
    // By the clock, a gap is for all that was on while it lasts, whatever was its number.
    const isThen = startMs !== undefined && startMs >= row.startMs && startMs < endMs(row)
    const isNumbered =
      mediaSequence >= row.mediaSequence && mediaSequence < row.mediaSequence + row.count
    // Where nothing of a run is stored, nothing tells in which epoch it was.
    const isOfRun = !storedRuns.has(run) || (runsOf.get(row.epoch)?.has(run) ?? true)
    return isThen || (isNumbered && (isOfRun || (gap && row.cause === 'source-gap')))
  }
  const isGap = (segment: OfferedSegment) => gapRows.some((row) => isGapOf(segment, row))
  return { byId, stored: stored.map(({ id }) => id), isGap }
}

describe('any history of a live playlist', () => {
  it.each(Array.from({ length: HISTORIES }, (_, at) => FIRST_SEED + at))(
    'F03 F04 F05 F06 F07 F08 stores every segment that was offered once and in order, or a gap for it (seed %i)',
    async (seed) => {
      const { offered, obtainable, rows, openTemps } = await recordHistory(seed)
      const { byId, stored, isGap } = account(offered, rows)
      expect(offered.length).toBeGreaterThan(20)

      expect(stored.filter((id, at) => stored.indexOf(id) !== at)).toEqual([])
      expect(stored.filter((id) => !byId.has(id))).toEqual([])
      const storedIds = new Set(stored)
      // What never came at the very end is left to a later session.
      const newest = Math.max(...stored)
      const unaccounted = offered.filter(
        (one) => one.id < newest && !storedIds.has(one.id) && !isGap(one),
      )
      expect(unaccounted).toEqual([])
      expect(obtainable.filter((one) => !storedIds.has(one.id))).toEqual([])

      const lastOf = new Map<number, number>()
      for (const id of stored) {
        const { run = -1, mediaSequence = -1 } = byId.get(id) ?? {}
        expect(mediaSequence, `run ${run}`).toBeGreaterThan(lastOf.get(run) ?? -1)
        lastOf.set(run, mediaSequence)
      }
      expect(rows.every(({ startMs }, at) => startMs >= (rows[at - 1]?.startMs ?? 0))).toBe(true)
      expect(openTemps).toBe(0)
    },
  )

  it('F08 has some that come late among them, each in the place of its gap', async () => {
    const late = []
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { rows } = await recordHistory(seed)
      late.push(...rows.filter((row) => row.kind === 'segment' && row.late !== undefined))
    }
    expect(late.length).toBeGreaterThan(5)
  })
})

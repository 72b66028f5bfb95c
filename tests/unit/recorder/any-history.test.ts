import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../src-main/fetch/http'
import type { Row } from '../../../src-main/store/model'
import type { FakeAnswer } from '../../support/fake-http'
import { setUpRecorder } from '../../support/fake-recorder'
import { findFaults, noFaults } from '../../support/history-account'
import { createRandom } from '../../support/random'
import { createRandomSource, idOf } from '../../support/random-source'

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
async function recordHistory(seed: number) {
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

function logOf(rows: readonly Row[]) {
  const stored = rows.flatMap((row) =>
    row.kind === 'segment' ? [{ id: idOf(row.durationSec), epoch: row.epoch }] : [],
  )
  return { stored, gaps: rows.flatMap((row) => (row.kind === 'gap' ? [row] : [])) }
}

describe('any history of a live playlist', () => {
  it.each(Array.from({ length: HISTORIES }, (_, at) => FIRST_SEED + at))(
    'F03 F04 F05 F06 F07 F08 stores every segment that was offered once and in order, or a gap for it (seed %i)',
    async (seed) => {
      const { offered, obtainable, rows, openTemps } = await recordHistory(seed)
      const log = logOf(rows)
      expect(offered.length).toBeGreaterThan(20)

      expect(findFaults(offered, log)).toEqual(noFaults)
      const storedIds = new Set(log.stored.map(({ id }) => id))
      expect(obtainable.filter((one) => !storedIds.has(one.id))).toEqual([])
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

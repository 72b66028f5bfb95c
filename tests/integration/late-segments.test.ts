import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import { exportAll, framesOf } from '../support/export-frames'
import { storedOf, tempFiles } from '../support/fault-recording'
import { hastenedClock } from '../support/hastened-clock'
import { readMedia } from '../support/media'
import { openTestRecorder } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** Those that the recording holds: it begins with the last three of six, and four more are made. */
const wanted = [3, 4, 5, 6, 7, 8, 9]

/** Records them; those that are missing come only after the others have gone on without them. */
async function recordAll(kind: 'ts' | 'fmp4', missing: readonly number[]) {
  const made = await readMedia({ kind, durationSec: 12 })
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const stream = origin.addStream({ ...made, windowSize: 20 })
  const { library, record } = await openTestRecorder({ clock: hastenedClock(20) })
  const fault = { kind: 'status', status: 503 } as const
  const comes = missing.map((mediaSequence) => origin.addFault({ mediaSequence, fault }))
  stream.advance(6)
  const { recording, stop } = await record(origin.urlOf(stream))
  await waitUntil({ what: 'the first', check: () => recording.figures.segments > 0 })
  stream.advance(4)
  const here = wanted.length - missing.length
  await waitUntil({
    what: 'those that come',
    check: () => recording.figures.segments === here && recording.figures.gapSec === missing.length,
  })
  const without = await storedOf(recording)
  for (const end of comes) end()
  await waitUntil({
    what: 'those that come late',
    check: () => recording.figures.segments === wanted.length,
  })
  await stop()
  return { origin, library, recording, without, made }
}

describe('a segment that comes after its turn is over', () => {
  it.each(['ts', 'fmp4'] as const)(
    'F08 is stored in its place, once, while the live edge goes on (%s)',
    async (kind) => {
      const { origin, library, recording, without, made } = await recordAll(kind, [4, 7, 8])
      expect(without.numbers).toEqual([3, 5, 6, 9])
      const missing = without.gaps.flatMap(({ mediaSequence, count }) =>
        Array.from({ length: count }, (_, at) => mediaSequence + at),
      )
      expect(missing).toEqual([4, 7, 8])
      expect(new Set(without.gaps.map(({ cause }) => cause))).toEqual(new Set(['http-error']))

      const { numbers, gaps, bodies, rows } = await storedOf(recording)
      expect(numbers).toEqual(wanted)
      expect(gaps).toEqual([])
      const sent = wanted.map((number) => Buffer.from(made.media[number]?.body ?? []))
      expect(bodies).toEqual(sent)
      expect(recording.figures).toMatchObject({ gaps: 0, gapSec: 0, durationSec: 7 })
      const answered = (number: number) =>
        origin.requests.filter(({ mediaSequence }) => mediaSequence === number).length
      expect([3, 5, 6, 9].map(answered)).toEqual([1, 1, 1, 1])
      expect(tempFiles(library.root)).toEqual([])

      const options = { mode: 'read' as const, clock: hastenedClock(1), logger: silentLogger }
      const again = (await openLibrary({ ...options, root: library.root })).get(recording.id)
      if (again === undefined) throw new Error('the recording is there')
      expect((await storedOf(again)).rows).toEqual(rows)

      // Nothing tells from the export that they were ever missing.
      const plain = await recordAll(kind, [])
      const expected = await framesOf(await exportAll(plain.library, plain.recording.id))
      expect(await framesOf(await exportAll(library, recording.id))).toEqual(expected)
    },
  )
})

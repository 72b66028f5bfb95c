import { expect, it, onTestFinished } from 'vitest'
import { exportAll } from '../support/export-frames'
import { MARK_SEC, marksOf, PERIOD_SEC, servePeriods } from '../support/period-media'
import { openTestRecorder, segmentsOf, trackOf } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** RFC 8216 6.2.4, 6.3.3: tracks are matched by EXT-X-DISCONTINUITY-SEQUENCE, not by their lengths. */

it('sound whose periods are longer than those of the picture stays in step behind each discontinuity', async () => {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const url = await servePeriods(origin, { soundSec: [3.4, 3.3, 3.4] })
  const { library, recorder, record } = await openTestRecorder()
  const { recording } = await record(url)
  await waitUntil({
    what: 'the recording to end by itself',
    check: () => recorder.status(recording.id) === undefined,
  })
  const startsOf = async (id: string) =>
    segmentsOf(await trackOf(recording, id)).reduce(
      (starts, { discontinuitySequence, startMs }) =>
        starts.has(discontinuitySequence) ? starts : starts.set(discontinuitySequence, startMs),
      new Map<number, number>(),
    )
  expect(await startsOf('a0')).toEqual(await startsOf('v0'))

  const { flashes, beeps } = await marksOf(await exportAll(library, recording.id))
  const expected = [0, 1, 2].map((period) => period * PERIOD_SEC + MARK_SEC)
  for (const [at, sec] of expected.entries()) {
    expect(flashes[at]).toBeCloseTo(sec, 0.9)
    expect(Math.abs((beeps[at] ?? 0) - (flashes[at] ?? 0))).toBeLessThan(0.1)
  }
})

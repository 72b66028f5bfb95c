import { VsrError } from '../../src-preload/contract/errors'
import type { FakeAnswer } from './fake-http'
import { createRandom } from './random'
import { setUpRecorderOnDisk } from './recorder-on-disk'

const WINDOW = 30
export const SEGMENT_MS = 2000
/** A source lists so much; whoever comes back two target durations before it has moved on can still have it. */
export const LONGEST_MS = (WINDOW - 2) * SEGMENT_MS

const kinds: readonly (() => FakeAnswer)[] = [
  () => ({ status: 500 }),
  () => ({ status: 404 }),
  () => ({ error: new VsrError('connection_failed', 'The connection was refused.') }),
  () => ({ error: new VsrError('dns_failure', 'The address could not be found.') }),
]

/** What became of a recording whose source was away. */
interface OutageAccount {
  readonly segments: number
  /** Gap rows, and numbers between the first and the last that are neither stored nor in one. */
  readonly gaps: number
}

/** Records through outages of the whole source. @param outages how long each one lasts, and for how long the source is back then, in ms. */
async function recordThrough(
  startMs: number,
  outages: readonly { readonly lastsMs: number; readonly thenMs: number }[],
): Promise<OutageAccount> {
  let down: (() => FakeAnswer) | undefined
  const setup = await setUpRecorderOnDisk({ windowCount: WINDOW, answer: () => down?.() })
  const { clock, record, gaps, numbers, close } = setup
  const recording = await record()
  await clock.advance(startMs)
  for (const [at, { lastsMs, thenMs }] of outages.entries()) {
    down = kinds[at % kinds.length]
    await clock.advance(lastsMs)
    down = undefined
    await clock.advance(thenMs)
  }
  const stored = await numbers(recording)
  const noted = await gaps(recording)
  await close()
  const inGaps = noted.reduce((sum, { count }) => sum + count, 0)
  const passed = (stored.at(-1) ?? 0) - (stored[0] ?? 0) + 1
  return { segments: stored.length, gaps: noted.length + (passed - inGaps - stored.length) }
}

/** Records through one outage that begins `startMs` after the recording (F10). */
export const recordThroughOutage = (outage: {
  readonly startMs: number
  readonly lastsMs: number
}): Promise<OutageAccount> =>
  recordThrough(outage.startMs, [{ lastsMs: outage.lastsMs, thenMs: 30_000 }])

/** Records through so many, each shorter than the window less two target durations. */
export async function recordThroughOutages(
  count: number,
  seed: number,
): Promise<OutageAccount & { readonly longestSec: number }> {
  const random = createRandom(seed)
  const outages = Array.from({ length: count }, () => ({
    lastsMs: 1000 + random() * (LONGEST_MS - 1000),
    thenMs: 30_000 + random() * 60_000,
  }))
  const account = await recordThrough(20_000, outages)
  return { ...account, longestSec: Math.max(...outages.map(({ lastsMs }) => lastsMs)) / 1000 }
}

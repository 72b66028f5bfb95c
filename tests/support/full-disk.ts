import type { Recorder } from '../../src-main/recorder/supervisor'
import type { MemoryFilePort } from './memory-file-port'
import { setUpRecorderOnDisk } from './recorder-on-disk'

const WINDOW = 60
const STEP_MS = 250
const GIVEN_UP_MS = 60_000
/** What takes space. */
const TAKES_SPACE: ReadonlySet<string> = new Set(['open', 'write', 'sync', 'makeFolder'])

/** What a recording did about a disk that was full again and again. */
interface FullDiskAccount {
  /** How long after space came back the next segment was acknowledged, the longest of all times. */
  readonly slowestResumeMs: number
  /** How long until all that had been missed was stored, too. */
  readonly slowestCaughtUpMs: number
  /** Media files without bytes that were ever there while the disk was full. */
  readonly emptyFiles: number
  readonly gaps: number
  readonly segments: number
  /** Times at which the person was not told within ten seconds that the disk is full. */
  readonly untold: number
}

/** Records a live source onto a disk that is full `times` times, for 20 s to a minute each, while the source still lists what is missed. */
export async function recordOnFullDisk(times: number): Promise<FullDiskAccount> {
  let isFull = false
  const setup = await setUpRecorderOnDisk({ windowCount: WINDOW })
  const { clock, files, recorder, record, gaps, numbers, close } = setup
  files.before = ({ name }) => (isFull && TAKES_SPACE.has(name) ? 'ENOSPC' : undefined)
  const recording = await record()
  await clock.advance(10_000)
  let slowestResumeMs = 0
  let slowestCaughtUpMs = 0
  let emptyFiles = 0
  let untold = 0
  for (let time = 0; time < times; time += 1) {
    isFull = true
    await clock.advance(10_000)
    if (recorder.status(recording.id)?.reason?.cause?.code !== 'disk_full') untold += 1
    await clock.advance(10_000 + ((time * 1370) % 40_000))
    emptyFiles += countEmptyMedia(files, `/library/recordings/${recording.id}`)
    const before = recording.figures.segments
    isFull = false
    const startMs = clock.monotonicMs()
    const waitUntil = async (isDone: () => boolean): Promise<number> => {
      while (!isDone() && clock.monotonicMs() - startMs < GIVEN_UP_MS) await clock.advance(STEP_MS)
      return clock.monotonicMs() - startMs
    }
    const resumedMs = await waitUntil(() => recording.figures.segments > before)
    const caughtUpMs = await waitUntil(() => isWell(recorder.status(recording.id)))
    slowestResumeMs = Math.max(slowestResumeMs, resumedMs)
    slowestCaughtUpMs = Math.max(slowestCaughtUpMs, caughtUpMs)
    await clock.advance(30_000)
  }
  const stored = await numbers(recording)
  const account = {
    slowestResumeMs,
    slowestCaughtUpMs,
    emptyFiles,
    untold,
    segments: stored.length,
  }
  const holes = (await gaps(recording)).length + countMissing(stored)
  await close()
  return { ...account, gaps: holes }
}

const isWell = (status: ReturnType<Recorder['status']>): boolean =>
  status?.state === 'recording' && status.outstandingSec === undefined

/** Numbers between the first and the last that are not there. */
const countMissing = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1 - numbers.length

/** Of the files that have the name of a segment. */
function countEmptyMedia(files: MemoryFilePort, folder: string): number {
  let count = 0
  for (const name of files.names(folder)) {
    const path = `${folder}/${name}`
    const data = files.peek(path)
    if (data === undefined) count += countEmptyMedia(files, path)
    else if (name.endsWith('.ts') && data.length === 0) count += 1
  }
  return count
}

// P12: a recording of a year, beside one of a million segments: opening it, its memory, and what is asked of it while one looks at it.
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBlockCache } from '../../src-main/playback/block-cache'
import { renderMediaPlaylist } from '../../src-main/playback/media-playlist'
import { detailOf } from '../../src-main/playback/recording-views'
import { timelineOf } from '../../src-main/playback/timeline'
import { overlappingWindow } from '../../src-main/playback/window'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { INDEX_FILE_NAME } from '../../src-main/store/index-file-format'
import { openLibrary } from '../../src-main/store/library'
import type { Library, RecordingStore, Row, SegmentIndex } from '../../src-main/store/model'
import { encodeRow } from '../../src-main/store/segment-row'
import { sampleGap, sampleMeta, sampleTrack, segmentRow } from '../support/fault-store-samples'
import { benchOptions } from './support/bench-options'
import { median, timed } from './support/measure'
import { corpusDir, type Measurement, report } from './support/report'

const SEGMENT_SEC = 4
const YEAR_ROWS = Math.round((365.25 * 86_400) / SEGMENT_SEC)
/** A gap every so many rows: three a day. */
const ROWS_PER_GAP = 7200
const HOUR_MS = 3_600_000
const MB = 1_000_000

const options = benchOptions()
const rounds = options.number('rounds', { full: 3, quick: 1 })
const sizes = options.numbers('rows', { full: [1e6, YEAR_ROWS], quick: [1e5, 1e6] })
const root = path.join(corpusDir, 'year-long.work')

const open = (): Promise<Library> =>
  openLibrary({ root, mode: 'write', clock: systemClock, logger: silentLogger })
const rowAt = (at: number): Row =>
  at % ROWS_PER_GAP === ROWS_PER_GAP - 1
    ? { kind: 'gap', index: at, ...sampleGap(at) }
    : segmentRow(at, { bytes: 2_000_000 + ((at * 7919) % 100_000) })

/** A library with one recording of so many rows. @returns the folder of its track. */
async function makeLibrary(rows: number): Promise<string> {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  const library = await open()
  const recording = await library.create({ ...sampleMeta, state: 'stopped' })
  await recording.addTrack(sampleTrack)
  await library.close()
  rmSync(path.join(root, 'library.json'))
  const folder = path.join(root, 'recordings', recording.id, sampleTrack.id)
  const log = createWriteStream(path.join(folder, 'segments.ndjson'))
  for (let from = 0; from < rows; from += 1000) {
    let text = ''
    for (let at = from; at < Math.min(rows, from + 1000); at += 1) text += encodeRow(rowAt(at))
    if (!log.write(text)) await once(log, 'drain')
  }
  log.end()
  await once(log, 'close')
  return folder
}

async function withRecording<T>(look: (recording: RecordingStore) => Promise<T>): Promise<T> {
  const library = await open()
  try {
    const recording = library.list()[0]
    if (recording === undefined) throw new Error('the recording is not there')
    return await look(recording)
  } finally {
    await library.close()
  }
}

const openTracks = (): Promise<number> =>
  withRecording((recording) => timed('cpu', () => recording.tracks()))

/** The playlist of the last hour, as a player that begins there gets it. */
async function renderLastHour(index: SegmentIndex): Promise<void> {
  const endMs = index.figures.endMs ?? 0
  await renderMediaPlaylist({
    index,
    window: overlappingWindow(index, { fromMs: endMs - HOUR_MS }),
    eraOf: (position) => index.discontinuitiesBefore(position),
    style: { recordingId: 'abcdefghijkl', trackId: 'v0', prefix: '../../../live/', suffix: '' },
    type: 'VOD',
    ended: true,
    cache: createBlockCache({ limitBytes: 32 * MB }),
  })
}

/** What columns were in is given back a turn after their objects. */
async function memoryInUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await sleep(10)
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

interface Look {
  readonly bytesPerRow: number
  readonly lastHourMs: number
  readonly firstDetailMs: number
  readonly detailMs: number
  readonly firstTimelineMs: number
  readonly timelineMs: number
  readonly longestHoldMs: number
}

/** What is asked of it, the first time and once more, and how long anything else had to wait meanwhile. */
const lookAtIt = (rows: number): Promise<Look> =>
  withRecording(async (recording) => {
    const before = await memoryInUse()
    const [track] = await recording.tracks()
    const bytes = (await memoryInUse()) - before
    if (track === undefined) throw new Error('the track is not there')
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    await sleep(20)
    const lastHourMs = await timed('cpu', () => renderLastHour(track.index))
    const firstDetailMs = await timed('cpu', () => detailOf(recording, undefined))
    const firstTimelineMs = await timed('cpu', () => timelineOf(recording))
    await sleep(20)
    delay.disable()
    return {
      bytesPerRow: bytes / rows,
      lastHourMs,
      firstDetailMs,
      detailMs: await timed('cpu', () => detailOf(recording, undefined)),
      firstTimelineMs,
      timelineMs: await timed('cpu', () => timelineOf(recording)),
      longestHoldMs: delay.max / 1e6,
    }
  })

const measurements: Measurement[] = []
const figures: { readonly bareMs: number; readonly openMs: number; readonly look: Look }[] = []
try {
  for (const rows of sizes) {
    const folder = await makeLibrary(rows)
    const indexFile = path.join(folder, INDEX_FILE_NAME)
    const bareMs = await openTracks()
    await withRecording(async (recording) => {
      await recording.tracks()
      while (!existsSync(indexFile)) await sleep(20)
    })
    const opened: number[] = []
    for (let round = 0; round < rounds; round += 1) opened.push(await openTracks())
    figures.push({ bareMs, openMs: median(opened), look: await lookAtIt(rows) })
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}

const [small, large] = figures
if (small === undefined || large === undefined) throw new Error('two sizes are needed')
const nameOf = (rows: number | undefined) => `${((rows ?? 0) / 1e6).toFixed(1)} M rows`
const [few, many] = [nameOf(sizes[0]), nameOf(sizes[1])]
const grown = (
  work: string,
  unit: Measurement['unit'],
  of: (one: (typeof figures)[number]) => number,
  bar?: Measurement['bar'],
): Measurement => ({
  work: `${work}, ${many}`,
  unit,
  vsr: of(large),
  peer: { name: few, value: of(small) },
  ...(bar === undefined ? {} : { bar }),
})
measurements.push(
  grown('open', 'ms', ({ openMs }) => openMs),
  grown('open without its index file', 'ms', ({ bareMs }) => bareMs),
  grown('memory per row', 'bytes', ({ look }) => look.bytesPerRow, {
    text: '<= 64 bytes',
    limit: 64,
  }),
  grown('playlist of the last hour', 'ms', ({ look }) => look.lastHourMs, {
    text: '<= 20 ms',
    limit: 20,
  }),
  grown('details, first time', 'ms', ({ look }) => look.firstDetailMs),
  grown('details, again', 'ms', ({ look }) => look.detailMs, { text: '<= 20 ms', limit: 20 }),
  grown('timeline, first time', 'ms', ({ look }) => look.firstTimelineMs),
  grown('timeline, again', 'ms', ({ look }) => look.timelineMs, { text: '<= 20 ms', limit: 20 }),
  grown('longest hold of the event loop by all of these', 'ms', ({ look }) => look.longestHoldMs),
)
report({
  row: 'P12',
  title: 'a recording of a year',
  method: `One track of segments of ${SEGMENT_SEC} s, a gap in ${ROWS_PER_GAP} of them: ${many} are a year. The peer is the same with ${few}, so that the ratio is growth. User and system time, but for the longest hold, which is wall time; opening from its index file, with all of its log read and compared, medians of ${rounds}.`,
  measurements,
})
